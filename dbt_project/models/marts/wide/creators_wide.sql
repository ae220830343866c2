{# Fees are entered in yuan, so orders in another currency have no fee beside them. #}
with orders as (
    select
        creator_id,
        currency,
        count(*) as orders,
        sum(case when counts_as_purchase then 1 else 0 end) as purchases,
        sum(case when is_first_purchase then 1 else 0 end) as first_purchases,
        sum(case when customer_id is null then 0 else paid_fen end) as identified_paid_fen,
        sum(paid_fen) as paid_fen,
        sum(refunded_fen) as refunded_fen,
        sum(net_fen) as net_fen,
        sum(case when {{ dbt.datediff('paid_date', night(), 'day') }} < 30 then net_fen else 0 end) as net_30_fen,
        min(paid_date) as first_paid_date,
        max(paid_date) as last_paid_date
    from {{ ref('orders_wide') }}
    where creator_id is not null and counts_as_revenue
    group by creator_id, currency
),

spend as (
    select creator_id, cast(sum(amount_fen) as bigint) as spend_fen
    from {{ ref('spend_daily') }}
    where creator_id is not null
    group by creator_id
),

brought as (
    select * from orders
    union all
    select creator_id, 'CNY', 0, 0, 0, 0, 0, 0, 0, 0, null, null
    from {{ ref('creators') }}
    where creator_id not in (select creator_id from orders where currency = 'CNY')
)

select
    creators.creator_id,
    creators.creator_name,
    creators.creator_type,
    brought.currency,
    cast(brought.orders as bigint) as orders,
    cast(brought.purchases as bigint) as purchases,
    cast(brought.first_purchases as bigint) as first_purchases,
    cast(brought.paid_fen as bigint) as paid_fen,
    cast(brought.refunded_fen as bigint) as refunded_fen,
    cast(brought.net_fen as bigint) as net_fen,
    cast(brought.net_30_fen as bigint) as net_30_fen,
    {{ share('brought.refunded_fen', 'brought.paid_fen') }} as refund_rate,
    {{ share('brought.identified_paid_fen', 'brought.paid_fen') }} as identified_order_share,
    brought.first_paid_date,
    brought.last_paid_date,
    creators.slot_fee_fen,
    creators.commission_rate,
    case when brought.currency = 'CNY' then spend.spend_fen end as spend_fen,
    creators.guaranteed_roi,
    case when brought.currency = 'CNY' then {{ share('brought.paid_fen', 'spend.spend_fen') }} end as reached_roi
from brought
inner join {{ ref('creators') }} as creators on brought.creator_id = creators.creator_id
left join spend on brought.creator_id = spend.creator_id
