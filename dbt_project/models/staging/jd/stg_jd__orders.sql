{# The amounts of the order stand in each of its rows, and count once. #}
with orders as (
    select
        source_id,
        order_id,
        max(status) as status,
        max(case when paid_at is null then 0 else settled_fen end) as paid_fen,
        max(case when paid_at is null then 0 else least(freight_fen, settled_fen) end) as freight_paid_fen,
        min(created_at) as created_at,
        min(paid_at) as paid_at,
        max(finished_at) as finished_at
    from {{ ref('stg_jd__lines') }}
    group by source_id, order_id
)

select
    source_id || '|' || order_id as row_key,
    source_id,
    order_id,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    status,
    cast(null as {{ dbt.type_string() }}) as declared_kind,
    cast(null as {{ dbt.type_string() }}) as sales_channel,
    cast(null as {{ dbt.type_string() }}) as creator_key,
    'CNY' as currency,
    paid_fen - freight_paid_fen as goods_paid_fen,
    freight_paid_fen,
    {{ exact('(paid_fen - freight_paid_fen)') }} as goods_paid_exact,
    created_at,
    paid_at,
    finished_at
from orders
