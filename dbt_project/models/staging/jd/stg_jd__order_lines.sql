{#
    The amount paid for goods is distributed over the rows by list price, remaining cents from the first row on,
    so that the lines sum to the order; rows without a price get nothing unless no row has one.
#}
with lines as (
    select
        lines.source_id,
        lines.order_id,
        lines.line_number,
        lines.product_id,
        lines.product_name,
        lines.quantity,
        orders.goods_paid_fen,
        case
            when sum(lines.list_fen) over (partition by lines.source_id, lines.order_id) = 0 then 1
            else lines.list_fen
        end as weight
    from {{ ref('stg_jd__lines') }} as lines
    inner join {{ ref('stg_jd__orders') }} as orders
        on lines.source_id = orders.source_id and lines.order_id = orders.order_id
),

running as (
    select
        *,
        goods_paid_fen * cast(sum(weight) over (
            partition by source_id, order_id order by line_number
            rows between unbounded preceding and current row
        ) as bigint) as share,
        cast(sum(weight) over (partition by source_id, order_id) as bigint) as weights
    from lines
),

spread as (
    select
        *,
        {{ whole_quotient('share', 'weights') }} as fen_so_far
    from running
)

select
    source_id,
    order_id,
    line_number,
    product_id,
    product_name,
    quantity,
    {{ fen_to_yuan_exact(
        "(fen_so_far - coalesce(lag(fen_so_far) over (partition by source_id, order_id order by line_number), 0))"
    ) }} as amount_exact
from spread
