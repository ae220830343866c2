{#
    A purchase is an order whose goods, net of refunds, are worth the minimum; it is retained from the
    day it was paid until the day its refunds take it below. Refunds never come back, so once is for ever.
#}
with purchases as (
    select * from {{ ref('int_orders') }}
    where paid_date is not null and goods_paid_fen >= {{ var('min_purchase_fen') }}
),

refunded as (
    select
        source_id,
        order_id,
        refunded_date,
        sum(goods_refunded_fen) over (
            partition by source_id, order_id order by refunded_date
        ) as so_far_fen
    from {{ ref('int_refunds') }}
    where order_id is not null
),

ended as (
    select
        purchases.source_id,
        purchases.order_id,
        min(refunded.refunded_date) as retained_to
    from purchases
    inner join refunded
        on purchases.source_id = refunded.source_id and purchases.order_id = refunded.order_id
    where purchases.goods_paid_fen - refunded.so_far_fen < {{ var('min_purchase_fen') }}
    group by purchases.source_id, purchases.order_id
)

select
    purchases.source_id,
    purchases.order_id,
    purchases.customer_id,
    purchases.paid_date as retained_from,
    ended.retained_to
from purchases
left join ended
    on purchases.source_id = ended.source_id and purchases.order_id = ended.order_id
