{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('doudian__aftersales') }}"
) }}

with winners as (
    {{ winners('doudian__aftersales', ref('stg_doudian__aftersales_versions')) }}
),

told as (
    select
        *,
        case when state = 'done' and kind not in ('exchange', 'reissue')
            then coalesce(goods_fen, 0) + coalesce(freight_fen, 0) else 0 end as paid_back_fen
    from winners
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        refund_id,
        order_id,
        cast(null as {{ dbt.type_string() }}) as buyer_namespace,
        cast(null as {{ dbt.type_string() }}) as buyer_hmac,

        ---------- text
        kind,
        reason_class,
        'CNY' as currency,

        ---------- numerics
        paid_back_fen as refunded_fen,
        {{ exact('paid_back_fen') }} as refunded_exact,

        ---------- timestamps
        coalesce(paid_back_at, refunded_at) as refunded_at
    from told
)

select * from renamed
