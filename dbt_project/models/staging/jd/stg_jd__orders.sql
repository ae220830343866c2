{# The amounts of the order are repeated in each of its rows, and count once. #}
with orders as (
    select
        source_id,
        order_id,
        max(status) as status,
        max(case when paid_at is null then 0 else settled_fen end) as paid_fen,
        max({{ freight_part('settled_fen', 'freight_fen', 'paid_at') }}) as freight_paid_fen,
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
    status,
    'CNY' as currency,
    paid_fen - freight_paid_fen as goods_paid_fen,
    freight_paid_fen,
    {{ fen_to_yuan_exact('(paid_fen - freight_paid_fen)') }} as goods_paid_exact,
    created_at,
    paid_at,
    finished_at
from orders
