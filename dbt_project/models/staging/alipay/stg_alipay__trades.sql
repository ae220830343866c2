{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('alipay__bill') }}"
) }}

with winners as (
    {{ winners('alipay__bill', ref('stg_alipay__bill_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        load_id,
        transaction_id,
        order_id,

        ---------- text
        state,

        ---------- numerics
        case when state = 'payment' then received_fen else 0 end as settled_fen,
        case when state = 'refund' then -received_fen else 0 end as refunded_fen,

        ---------- timestamps
        traded_at
    from winners
)

select * from renamed
