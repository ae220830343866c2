{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('wechat_pay__bill') }}"
) }}

with winners as (
    {{ winners('wechat_pay__bill', ref('stg_wechat_pay__bill_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        load_id,
        transaction_id,
        order_id,
        openid_hmac,
        app_id,

        ---------- text
        state,

        ---------- numerics
        settled_fen,
        refunded_fen,

        ---------- timestamps
        traded_at
    from winners
)

select * from renamed
