{#
    A purchase is retained from the day it was paid until refunds reduce its goods below the minimum. Refunds are
    never reversed, so this happens once. It is confirmed when the trade is finished, or at the latest some days
    after payment.
#}
{{ keep_untouched(['orders']) }}
with kinds as (
    select * from {{ ref('int_order_kinds') }} where counts_as_purchase
),

purchases as (
    select orders.*
    from (select * from {{ ref('int_orders') }} as orders where {{ is_touched('orders', 'orders') }}) as orders
    inner join kinds on orders.source_id = kinds.source_id and orders.order_id = kinds.order_id
),

refunded as (
    select
        source_id,
        order_id,
        refunded_date,
        sum(goods_refunded_fen) over (
            partition by source_id, order_id order by refunded_date
        ) as so_far_fen
    from {{ ref('int_refunds') }} as refunds
    where order_id is not null and takes_purchase_back and {{ is_touched('orders', 'refunds') }}
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
),

dated as (
    select
        purchases.source_id,
        purchases.order_id,
        purchases.customer_id,
        purchases.paid_date as retained_from,
        ended.retained_to,
        least(
            coalesce(
                {{ date_of('purchases.finished_at') }}, {{ days_after('purchases.paid_date', var('confirm_days')) }}
            ),
            {{ days_after('purchases.paid_date', var('confirm_days')) }}
        ) as due_date
    from purchases
    left join ended
        on purchases.source_id = ended.source_id and purchases.order_id = ended.order_id
)

select
    source_id,
    order_id,
    customer_id,
    retained_from,
    retained_to,
    confirms_on,
    case when confirms_on <= {{ night() }} then confirms_on end as confirmed_date
from (
    select
        *,
        case when retained_to is null or due_date < retained_to then due_date end as confirms_on
    from dated
) as confirmable
