{# Every day from the first sign of anybody to the night: digits cross joined, as both engines can. #}
with digits as (
    {% for digit in range(10) %}
    select {{ digit }} as digit {{ "union all" if not loop.last }}
    {% endfor %}
),

numbers as (
    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit
        + 10000 * myriads.digit as days
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as myriads
),

first_days as (
    select coalesce(min(day), {{ night() }}) as first_day from (
        select min(valid_from) as day from {{ ref('customer_stage_history') }}
        union all
        select min(created_date) from {{ ref('int_orders') }}
        union all
        select min(refunded_date) from {{ ref('int_refunds') }}
    ) as firsts
),

days as (
    select {{ dbt.dateadd('day', 'numbers.days', 'first_days.first_day') }} as day
    from first_days
    cross join numbers
)

select
    cast(day as date) as date_day,
    cast({{ dbt.date_trunc('month', 'day') }} as date) as month_start,
    cast({{ dbt.date_trunc('week', 'day') }} as date) as week_start,
    cast({{ dbt.datediff(dbt.date_trunc('week', 'day'), 'day', 'day') }} + 1 as bigint) as iso_weekday,
    {{ dbt.datediff(dbt.date_trunc('week', 'day'), 'day', 'day') }} >= 5 as is_weekend
from days
where cast(day as date) <= {{ night() }}
