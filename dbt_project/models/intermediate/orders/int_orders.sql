{#
    Events dated after the night are left out. An order paid in cash on delivery is paid when it is finished; a
    group has formed once an export shows the order in a later state.
#}
{{ keep_untouched(['orders']) }}
with placed as (
    select * from {{ ref('int_orders_unioned') }} as orders where {{ is_touched('orders', 'orders') }}
),

states as (
    select * from {{ ref('int_order_states_unioned') }} as states where {{ is_touched('orders', 'states') }}
),

shown as (
    select
        source_id,
        order_id,
        min(case when status = 'closed' then {{ date_of('exported_at') }} end) as closed_date,
        min(case when status in ('shipped', 'finished') then exported_at end) as shipped_by_at,
        max(case when status in ('paid', 'shipped', 'finished') then 1 else 0 end) as was_past_forming
    from states
    group by source_id, order_id
),

timed as (
    select
        *,
        {{ date_of('created_at') }} as created_date,
        case when declared_kind = 'cash_on_delivery' then finished_at else paid_at end as money_at
    from placed
),

dated as (
    select
        *,
        money_at is not null and {{ date_of('money_at') }} <= {{ night() }} as is_paid
    from timed
)

select
    dated.source_id,
    dated.order_id,
    customers.customer_id,
    dated.transaction_id,
    dated.status,
    dated.declared_kind,
    dated.sales_channel,
    dated.creator_key,
    dated.currency,
    case when dated.is_paid then dated.goods_paid_fen else 0 end as goods_paid_fen,
    case when dated.is_paid then dated.freight_paid_fen else 0 end as freight_paid_fen,
    case when dated.is_paid then dated.goods_paid_exact else cast(0 as decimal(18, 6)) end
        as goods_paid_exact,
    dated.created_at,
    dated.created_date,
    case when dated.is_paid then dated.money_at end as paid_at,
    case when dated.is_paid then {{ date_of('dated.money_at') }} end as paid_date,
    case when {{ date_of('dated.finished_at') }} <= {{ night() }} then dated.finished_at end as finished_at,
    shown.closed_date,
    coalesce(
        shown.shipped_by_at, dated.finished_at,
        case when dated.status = 'shipped' then dated.created_at end
    ) as shipped_by_at,
    coalesce(shown.was_past_forming, 0) = 1 or dated.status in ('paid', 'shipped', 'finished')
        as was_past_forming
from dated
left join shown on dated.source_id = shown.source_id and dated.order_id = shown.order_id
left join {{ ref('int_order_customers') }} as customers
    on dated.source_id || '|' || dated.order_id = customers.record_id
where dated.created_date <= {{ night() }}
