{# What is dated after the night is not known to have happened yet. #}
with placed as (
    {{ union_feeds('orders', {
        'source_id': dbt.type_string(), 'order_id': dbt.type_string(),
        'transaction_id': dbt.type_string(), 'status': dbt.type_string(),
        'sales_channel': dbt.type_string(), 'currency': dbt.type_string(),
        'goods_paid_fen': 'bigint', 'freight_paid_fen': 'bigint',
        'goods_paid_exact': 'decimal(18, 6)', 'created_at': 'timestamp', 'paid_at': 'timestamp',
        'finished_at': 'timestamp'
    }) }}
),

states as (
    {{ union_feeds('order_states', {
        'source_id': dbt.type_string(), 'order_id': dbt.type_string(), 'exported_at': 'timestamp',
        'status': dbt.type_string()
    }) }}
),

closings as (
    select
        source_id,
        order_id,
        min({{ date_of('exported_at') }}) as closed_date
    from states
    where status = 'closed'
    group by source_id, order_id
),

dated as (
    select
        *,
        {{ date_of('created_at') }} as created_date,
        paid_at is not null and {{ date_of('paid_at') }} <= {{ night() }} as is_paid
    from placed
)

select
    dated.source_id,
    dated.order_id,
    customers.customer_id,
    dated.transaction_id,
    dated.status,
    dated.sales_channel,
    dated.currency,
    case when dated.is_paid then dated.goods_paid_fen else 0 end as goods_paid_fen,
    case when dated.is_paid then dated.freight_paid_fen else 0 end as freight_paid_fen,
    case when dated.is_paid then dated.goods_paid_exact else cast(0 as decimal(18, 6)) end
        as goods_paid_exact,
    dated.created_at,
    dated.created_date,
    case when dated.is_paid then dated.paid_at end as paid_at,
    case when dated.is_paid then {{ date_of('dated.paid_at') }} end as paid_date,
    case when {{ date_of('dated.finished_at') }} <= {{ night() }} then dated.finished_at end as finished_at,
    case when not dated.is_paid then closings.closed_date end as closed_date
from dated
left join closings
    on dated.source_id = closings.source_id and dated.order_id = closings.order_id
left join {{ ref('int_order_customers') }} as customers
    on dated.source_id || '|' || dated.order_id = customers.record_id
where dated.created_date <= {{ night() }}
