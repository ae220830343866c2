{# What two sources say differently. Listed, never a reason to stop: nobody knows yet who is right. #}
with refunds as (
    select * from {{ ref('int_refunds') }}
),

orders as (
    select * from {{ ref('int_orders') }}
),

trades as (
    {{ union_feeds('payments', {
        'source_id': dbt.type_string(), 'transaction_id': dbt.type_string(),
        'order_id': dbt.type_string(), 'state': dbt.type_string(), 'settled_fen': 'bigint',
        'refunded_fen': 'bigint', 'traded_at': 'timestamp'
    }) }}
),

payments as (
    select
        source_id,
        transaction_id,
        order_id,
        settled_fen,
        {{ date_of('traded_at') }} as traded_date
    from trades
    where state = 'payment' and {{ date_of('traded_at') }} <= {{ night() }}
),

matched as (
    select
        payments.*,
        orders.order_id as known_order_id,
        orders.goods_paid_fen + orders.freight_paid_fen as paid_fen
    from payments
    left join orders on payments.transaction_id = orders.transaction_id
),

differences as (
    select
        case when is_order_known then 'refund_exceeds_payment' else 'refund_of_unknown_order' end as cause,
        source_id,
        refunded_date as business_date,
        refund_id as reference,
        reported_fen as reported_fen,
        reported_fen - excess_fen as counted_fen
    from refunds
    where excess_fen <> 0
    union all
    select 'payment_of_unknown_order', source_id, traded_date, transaction_id, settled_fen, 0
    from matched
    where known_order_id is null
    union all
    select 'payment_differs_from_order', source_id, traded_date, transaction_id, settled_fen, paid_fen
    from matched
    where known_order_id is not null and settled_fen <> paid_fen
)

select
    cause,
    source_id,
    business_date,
    reference,
    cast(reported_fen as bigint) as reported_fen,
    cast(counted_fen as bigint) as counted_fen
from differences
