{{ keep_untouched(['orders']) }}
with lines as (
    select * from {{ ref('int_order_lines') }} as lines where {{ is_touched('orders', 'lines') }}
),

orders as (
    select * from {{ ref('orders') }}
)

select
    lines.source_id,
    lines.order_id,
    lines.line_number,
    orders.shop_id,
    orders.brand_id,
    orders.customer_id,
    orders.currency,
    orders.ordered_at,
    orders.ordered_date,
    lines.product_id,
    lines.product_name,
    lines.quantity,
    lines.amount_exact,
    lines.amount_fen
from lines
inner join orders on lines.source_id = orders.source_id and lines.order_id = orders.order_id
