{#
    The order of a payment: the one with the merchant's order number, or, for shops that give the payment platform
    a number of their own, the order that names the payment. A number used by two shops alone is not enough.
#}
with trades as (
    select * from {{ ref('int_payments_unioned') }}
),

payments as (
    select *, {{ date_of('traded_at') }} as traded_date
    from trades
    where state = 'payment' and {{ date_of('traded_at') }} <= {{ night() }}
),

orders as (
    select source_id, order_id, transaction_id from {{ ref('int_orders') }}
),

candidates as (
    select
        payments.row_key,
        orders.source_id,
        orders.order_id,
        case when payments.transaction_id = orders.transaction_id then 1 else 2 end as distance
    from payments
    inner join orders on payments.order_id = orders.order_id
    union all
    select payments.row_key, orders.source_id, orders.order_id, 3
    from payments
    inner join orders on payments.transaction_id = orders.transaction_id
    where coalesce(payments.order_id, '') <> orders.order_id
),

ranked as (
    select
        *,
        rank() over (partition by row_key order by distance) as place,
        count(*) over (partition by row_key, distance) as equally_near
    from candidates
)

select
    payments.row_key,
    payments.load_id,
    payments.source_id,
    payments.transaction_id,
    payments.traded_date,
    payments.settled_fen,
    ranked.source_id as order_source_id,
    ranked.order_id
from payments
left join ranked on payments.row_key = ranked.row_key and ranked.place = 1 and ranked.equally_near = 1
