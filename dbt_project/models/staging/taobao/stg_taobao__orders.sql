{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('taobao__orders') }}"
) }}

with winners as (
    {{ winners('taobao__orders', ref('stg_taobao__orders_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        order_id,
        transaction_id,

        ---------- text
        status,
        cast(null as {{ dbt.type_string() }}) as declared_kind,
        cast(null as {{ dbt.type_string() }}) as sales_channel,
        cast(null as {{ dbt.type_string() }}) as creator_key,
        'CNY' as currency,

        ---------- numerics
        case when paid_at is null then 0 else greatest(paid_fen - coalesce(freight_fen, 0), 0) end
            as goods_paid_fen,
        case when paid_at is null then 0 else least(coalesce(freight_fen, 0), paid_fen) end
            as freight_paid_fen,
        {{ exact("case when paid_at is null then 0 else greatest(paid_fen - coalesce(freight_fen, 0), 0) end") }}
            as goods_paid_exact,

        ---------- timestamps
        created_at,
        paid_at,
        finished_at
    from winners
)

select * from renamed
