{# Every day from the first known event to the night, made by cross joining digits, which works on both engines. #}
with digits as (
    {% for digit in range(10) %}
    select {{ digit }} as digit {{ "union all" if not loop.last }}
    {% endfor %}
),

numbers as (
    select
        ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit
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
    select cast({{ dbt.dateadd('day', 'numbers.days', 'first_days.first_day') }} as date) as day
    from first_days
    cross join numbers
),

{# Of overlapping phases, the one for all shops that opened last. #}
phases as (
    select day, campaign_id, phase
    from (
        select
            days.day,
            phases.campaign_id,
            phases.phase,
            row_number() over (
                partition by days.day
                order by
                    case when phases.shop_id is null then 0 else 1 end, phases.starts_at desc,
                    phases.campaign_id, phases.phase
            ) as place
        from days
        inner join {{ ref('int_campaign_phases') }} as phases
            on days.day between {{ date_of('phases.starts_at') }} and {{ date_of('phases.ends_at') }}
    ) as ranked
    where place = 1
)

select
    days.day as date_day,
    cast({{ dbt.date_trunc('month', 'days.day') }} as date) as month_start,
    cast({{ dbt.date_trunc('week', 'days.day') }} as date) as week_start,
    cast({{ dbt.datediff(dbt.date_trunc('week', 'days.day'), 'days.day', 'day') }} + 1 as bigint) as iso_weekday,
    {{ dbt.datediff(dbt.date_trunc('week', 'days.day'), 'days.day', 'day') }} >= 5 as is_weekend,
    coalesce(
        chinese.is_workday, {{ dbt.datediff(dbt.date_trunc('week', 'days.day'), 'days.day', 'day') }} < 5
    ) as is_workday,
    coalesce(chinese.is_adjusted, false) as is_adjusted,
    chinese.holiday_zh,
    chinese.lunar_date_zh,
    chinese.festival_zh,
    chinese.same_festival_last_year,
    phases.campaign_id,
    phases.phase as campaign_phase
from days
left join {{ source('run', 'chinese_days') }} as chinese on days.day = chinese.day
left join phases on days.day = phases.day
where days.day <= {{ night() }}
