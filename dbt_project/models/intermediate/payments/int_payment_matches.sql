{# The amounts of bills and shop per order and day. Cash on delivery and zero amounts are in no bill. #}
with payments as (
    select * from {{ ref('int_payments') }}
),

orders as (
    select
        source_id,
        order_id,
        declared_kind,
        paid_date,
        goods_paid_fen + freight_paid_fen as paid_fen
    from {{ ref('int_orders') }}
),

days as (
    select * from {{ ref('int_bill_days') }}
),

billed as (
    select
        order_source_id as source_id,
        order_id,
        traded_date as business_date,
        min(source_id) as bill_source_id,
        min(transaction_id) as transaction_id,
        sum(settled_fen) as reported_fen
    from payments
    where order_id is not null
    group by order_source_id, order_id, traded_date
),

on_their_day as (
    select
        orders.source_id,
        orders.order_id,
        orders.paid_date as business_date,
        billed.bill_source_id,
        billed.transaction_id,
        coalesce(billed.reported_fen, 0) as reported_fen,
        orders.paid_fen as counted_fen,
        case
            when billed.order_id is null and elsewhere.order_id is null then 'paid_without_bill'
            when billed.order_id is null then 'payment_on_another_day'
            when billed.reported_fen <> orders.paid_fen then 'payment_differs_from_order'
        end as cause
    from orders
    left join billed
        on
            orders.source_id = billed.source_id
            and orders.order_id = billed.order_id
            and orders.paid_date = billed.business_date
    left join (select distinct source_id, order_id from billed) as elsewhere
        on orders.source_id = elsewhere.source_id and orders.order_id = elsewhere.order_id
    left join days on orders.source_id = days.source_id and orders.paid_date = days.business_date
    where
        billed.order_id is not null
        or (orders.paid_fen > 0 and elsewhere.order_id is not null)
        or (
            orders.paid_fen > 0
            and days.business_date is not null
            and coalesce(orders.declared_kind, '') <> 'cash_on_delivery'
        )
),

on_other_days as (
    select
        billed.source_id,
        billed.order_id,
        billed.business_date,
        billed.bill_source_id,
        billed.transaction_id,
        billed.reported_fen,
        0,
        case when orders.paid_date is null then 'payment_of_unpaid_order' else 'payment_on_another_day' end
    from billed
    inner join orders on billed.source_id = orders.source_id and billed.order_id = orders.order_id
    where orders.paid_date is null or orders.paid_date <> billed.business_date
),

of_unknown_orders as (
    select
        cast(null as {{ dbt.type_string() }}), cast(null as {{ dbt.type_string() }}), traded_date, source_id,
        transaction_id, settled_fen, 0, 'payment_of_unknown_order'
    from payments
    where order_id is null
)

select
    matches.source_id,
    matches.order_id,
    matches.business_date,
    matches.bill_source_id,
    matches.transaction_id,
    cast(matches.reported_fen as bigint) as reported_fen,
    cast(matches.counted_fen as bigint) as counted_fen,
    matches.cause
from (
    select * from on_their_day
    union all
    select * from on_other_days
    union all
    select * from of_unknown_orders
) as matches
