{# The order total is rounded once; its fen are distributed over the lines by largest remainder. #}
{{ keep_untouched(['orders']) }}
with lines as (
    select * from {{ ref('int_order_lines_unioned') }} as lines where {{ is_touched('orders', 'lines') }}
),

orders as (
    select * from {{ ref('int_orders') }}
),

ranked as (
    select
        *,
        floor(amount_exact * 100) as whole_fen,
        row_number() over (
            partition by source_id, order_id
            order by amount_exact * 100 - floor(amount_exact * 100) desc, line_number
        ) as rank_of_rest,
        sum(floor(amount_exact * 100)) over (partition by source_id, order_id) as whole_order_fen
    from lines
)

select
    ranked.source_id,
    ranked.order_id,
    ranked.line_number,
    orders.customer_id,
    orders.created_date,
    ranked.product_id,
    ranked.product_name,
    ranked.quantity,
    ranked.amount_exact,
    cast(
        ranked.whole_fen + case
            when ranked.rank_of_rest <= orders.goods_paid_fen - ranked.whole_order_fen then 1 else 0
        end as bigint
    ) as amount_fen
from ranked
inner join orders on ranked.source_id = orders.source_id and ranked.order_id = orders.order_id
