{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('youzan__orders') }}"
) }}

with winners as (
    {{ winners('youzan__orders', ref('stg_youzan__orders_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        order_id,
        transaction_id,
        'phone' as buyer_namespace,
        phone_hmac as buyer_hmac,

        ---------- text
        status,
        case
            when payment_method = '货到付款' then 'cash_on_delivery'
            when order_type <> 'plain' then order_type
        end as declared_kind,
        sales_channel,
        cast(null as {{ dbt.type_string() }}) as creator_key,
        'CNY' as currency,

        ---------- numerics
        case when coalesce(paid_at, finished_at) is null then 0 else greatest(paid_fen - coalesce(freight_fen, 0), 0) end
            as goods_paid_fen,
        case when coalesce(paid_at, finished_at) is null then 0 else least(coalesce(freight_fen, 0), paid_fen) end
            as freight_paid_fen,
        {{ exact("case when coalesce(paid_at, finished_at) is null then 0 else greatest(paid_fen - coalesce(freight_fen, 0), 0) end") }}
            as goods_paid_exact,

        ---------- timestamps
        created_at,
        paid_at,
        finished_at
    from winners
)

select * from renamed
