{#
    A bill made in the morning covers the day before, even without rows. An order can only lack its payment on
    days for which all bills that have ever had payments of its shop have arrived.
#}
with payments as (
    select * from {{ ref('int_payments') }}
),

bills as (
    select distinct slug from {{ source('run', 'loads') }}
    where load_id in (select load_id from payments)
),

billed_days as (
    select loads.source_id, {{ days_after('sightings.exported_at', -1) }} as business_date
    from {{ source('run', 'sightings') }} as sightings
    inner join {{ source('run', 'loads') }} as loads on sightings.load_id = loads.load_id
    where loads.slug in (select slug from bills)
    union
    select source_id, traded_date from payments
),

paid_by as (
    select distinct order_source_id, source_id from payments where order_source_id is not null
),

expected as (
    select order_source_id, count(*) as bills from paid_by group by order_source_id
)

select
    paid_by.order_source_id as source_id,
    billed_days.business_date
from paid_by
inner join billed_days on paid_by.source_id = billed_days.source_id
inner join expected on paid_by.order_source_id = expected.order_source_id
where billed_days.business_date <= {{ night() }}
group by paid_by.order_source_id, billed_days.business_date, expected.bills
having count(*) = expected.bills
