{#
    A refund counts up to the amount paid for its order, goods before freight; the rest is `excess_fen`. A refund
    without an order number reduces its customer's balance; one with an unknown order is entirely excess. A refund
    is before shipping if no export has shown the goods as shipped yet.
#}
{{ keep_untouched(['orders']) }}
with events as (
    select *, case when order_id is null then buyer_hmac end as buyer_of_no_order
    from {{ ref('int_refund_events') }} as events
    where {{ is_touched('orders', 'events') }}
),

matched as (
    select
        events.*,
        coalesce(orders.customer_id, people.customer_id) as customer_id,
        case
            when orders.paid_date is not null and not kinds.counts_as_revenue then 'system'
            when kinds.order_kind = 'presale_deposit' then 'deposit'
            when
                events.kind = 'refund_only'
                and orders.order_id is not null
                and (orders.shipped_by_at is null or orders.shipped_by_at > events.refunded_at)
                then 'before_shipping'
            else events.kind
        end as refund_kind,
        orders.order_id is not null as is_order_known,
        coalesce(orders.goods_paid_fen, 0) as goods_paid_fen,
        coalesce(orders.goods_paid_fen + orders.freight_paid_fen, 0) as paid_fen
    from events
    left join {{ ref('int_orders') }} as orders
        on events.source_id = orders.source_id and events.order_id = orders.order_id
    left join {{ ref('int_order_kinds') }} as kinds
        on events.source_id = kinds.source_id and events.order_id = kinds.order_id
    left join {{ source('run', 'customer_identifiers') }} as people
        on events.buyer_namespace = people.namespace and events.buyer_of_no_order = people.identifier
),

summed as (
    select
        *,
        cast(sum(refunded_fen) over (
            partition by source_id, order_id
            order by refunded_date, refund_id
            rows between unbounded preceding and current row
        ) as bigint) as refunded_so_far_fen
    from matched
),

capped as (
    select
        *,
        least(refunded_so_far_fen, paid_fen) as counted_after_fen,
        least(refunded_so_far_fen - refunded_fen, paid_fen) as counted_before_fen
    from summed
),

split as (
    select
        *,
        counted_after_fen - counted_before_fen as counted_fen,
        least(counted_after_fen, goods_paid_fen) - least(counted_before_fen, goods_paid_fen) as counted_goods_fen
    from capped
)

select
    source_id,
    refund_id,
    order_id,
    customer_id,
    refund_kind,
    refund_kind not in ('price_protection', 'compensation') as takes_purchase_back,
    currency,
    is_order_known,
    refunded_at,
    refunded_date,
    refunded_fen as reported_fen,
    case when order_id is null then refunded_fen else counted_goods_fen end as goods_refunded_fen,
    case when order_id is null then 0 else counted_fen - counted_goods_fen end as freight_refunded_fen,
    case when order_id is null then 0 else refunded_fen - counted_fen end as excess_fen,
    case when order_id is null then refunded_exact else {{ fen_to_yuan_exact('counted_goods_fen') }} end
        as goods_refunded_exact
from split
