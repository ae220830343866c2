with stated as (
    {{ newest_sheets('exclusions', ['kind', 'phone_hmac', 'order_id', 'staff_id']) }}
),

staff as (
    select * from {{ ref('int_staff') }}
),

excluded as (
    select kind, 'phone' as namespace, phone_hmac as identifier, reason, stated_at from stated
    union all
    select kind, 'order', order_id, reason, stated_at from stated
    union all
    select kind, 'staff', staff_id, reason, stated_at from stated
    union all
    select 'staff', 'phone', phone_hmac, '员工表', stated_at from staff
    union all
    select 'staff', 'staff', staff_id, '员工表', stated_at from staff
)

select
    kind,
    namespace,
    identifier,
    min(reason) as reason,
    max(stated_at) as stated_at
from excluded
where identifier is not null
group by kind, namespace, identifier
