{{ keep_untouched(['customers']) }}
with orders as (
    select
        orders.customer_id,
        orders.currency,
        orders.paid_date,
        orders.goods_paid_fen + orders.freight_paid_fen as paid_fen,
        kinds.counts_as_purchase,
        retention.retained_from,
        retention.confirmed_date
    from (
        select * from {{ ref('int_orders') }} as orders where {{ is_touched('customers', 'orders') }}
    ) as orders
    inner join {{ ref('int_order_kinds') }} as kinds
        on orders.source_id = kinds.source_id and orders.order_id = kinds.order_id
    left join {{ ref('int_order_retention') }} as retention
        on
            orders.source_id = retention.source_id
            and orders.order_id = retention.order_id
            and retention.retained_to is null
    where orders.customer_id is not null
),

bought as (
    select
        customer_id,
        max(currency) as currency,
        min(case when counts_as_purchase then paid_date end) as first_paid_date,
        max(case when counts_as_purchase then paid_date end) as last_paid_date,
        sum(paid_fen) as paid_fen,
        count(retained_from) as retained_orders,
        max(retained_from) as last_retained_date,
        count(distinct retained_from) as occasions,
        count(distinct case when confirmed_date is not null then retained_from end) as confirmed_occasions
    from orders
    group by customer_id
),

refunded as (
    select
        customer_id,
        sum(goods_refunded_fen + freight_refunded_fen) as refunded_fen
    from {{ ref('int_refunds') }} as refunds
    where customer_id is not null and {{ is_touched('customers', 'refunds') }}
    group by customer_id
)

select
    coalesce(bought.customer_id, refunded.customer_id) as customer_id,
    bought.currency,
    bought.first_paid_date,
    bought.last_paid_date,
    bought.last_retained_date,
    coalesce(bought.retained_orders, 0) as retained_orders,
    coalesce(bought.occasions, 0) as occasions,
    coalesce(bought.confirmed_occasions, 0) as confirmed_occasions,
    cast(coalesce(bought.paid_fen, 0) as bigint) as paid_fen,
    cast(coalesce(refunded.refunded_fen, 0) as bigint) as refunded_fen
from bought
full join refunded on bought.customer_id = refunded.customer_id
