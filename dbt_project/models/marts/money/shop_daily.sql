{# Orders that are no revenue count neither when paid nor when refunded. #}
with orders as (
    select * from {{ ref('orders') }}
),

taken as (
    select
        shop_id, brand_id, currency, paid_date as business_date, order_id, customer_id, paid_fen,
        counts_as_purchase,
        0 as before_shipping_fen, 0 as after_shipping_fen, 0 as other_refunded_fen
    from orders
    where counts_as_revenue
),

given_back as (
    select refunds.*
    from {{ ref('refunds') }} as refunds
    left join orders on refunds.source_id = orders.source_id and refunds.order_id = orders.order_id
    where orders.paid_date is null or orders.counts_as_revenue
),

moved as (
    select * from taken
    union all
    select
        shop_id, brand_id, currency, refunded_date, null, null, 0, false,
        case when refund_kind = 'before_shipping' then refunded_fen else 0 end,
        case when refund_kind in ('refund_only', 'return_and_refund') then refunded_fen else 0 end,
        case
            when refund_kind in ('before_shipping', 'refund_only', 'return_and_refund') then 0
            else refunded_fen
        end
    from given_back
)

select
    shop_id,
    max(brand_id) as brand_id,
    business_date,
    currency,
    count(order_id) as orders,
    cast(sum(case when counts_as_purchase then 1 else 0 end) as bigint) as purchases,
    count(distinct customer_id) as buyers,
    cast(sum(paid_fen) as bigint) as paid_fen,
    cast(sum(case when customer_id is not null then paid_fen else 0 end) as bigint) as identified_paid_fen,
    cast(sum(before_shipping_fen) as bigint) as refunded_before_shipping_fen,
    cast(sum(after_shipping_fen) as bigint) as refunded_after_shipping_fen,
    cast(sum(other_refunded_fen) as bigint) as refunded_otherwise_fen,
    cast(sum(before_shipping_fen + after_shipping_fen + other_refunded_fen) as bigint) as refunded_fen,
    cast(sum(paid_fen - before_shipping_fen - after_shipping_fen - other_refunded_fen) as bigint) as net_fen
from moved
where shop_id is not null
group by shop_id, business_date, currency
