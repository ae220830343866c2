{# One row per customer and day on which the answer can change: what is true of them on that day. #}
with windows as (
    select * from {{ ref('int_evidence_windows') }}
),

purchases as (
    select * from {{ ref('int_order_retention') }} where customer_id is not null
),

balances as (
    select * from {{ ref('int_customer_balances') }}
),

days as (
    select customer_id, from_date as day from windows
    union
    select customer_id, to_date from windows where to_date is not null
    union
    select customer_id, from_date from balances
    union
    select customer_id, retained_from from purchases
    union
    select customer_id, retained_to from purchases where retained_to is not null
    {% for window in ['active_days', 'risk_days', 'repeat_days'] %}
    union
    select customer_id, {{ days_after('retained_from', var(window) + 1) }} from purchases
    {% endfor %}
),

first_days as (
    select customer_id, min(from_date) as first_day
    from windows
    where kind = 'known'
    group by customer_id
),

points as (
    select days.customer_id, days.day
    from days
    inner join first_days on days.customer_id = first_days.customer_id
    where days.day >= first_days.first_day and days.day <= {{ night() }}
),

occasions as (
    select distinct points.customer_id, points.day, purchases.retained_from as occasion
    from points
    inner join purchases on points.customer_id = purchases.customer_id
    where
        purchases.retained_from <= points.day
        and (purchases.retained_to is null or purchases.retained_to > points.day)
),

spaced as (
    select
        *,
        lag(occasion) over (partition by customer_id, day order by occasion) as occasion_before
    from occasions
),

counted as (
    select
        customer_id,
        day,
        count(*) as occasions,
        sum(case when occasion >= {{ days_after('day', -var('repeat_days')) }} then 1 else 0 end)
            as recent_occasions,
        max(occasion) as last_occasion,
        max({{ dbt.datediff('occasion_before', 'occasion', 'day') }}) as longest_gap_days
    from spaced
    group by customer_id, day
),

paid as (
    select points.customer_id, points.day, count(*) as purchases
    from points
    inner join purchases
        on points.customer_id = purchases.customer_id and purchases.retained_from <= points.day
    group by points.customer_id, points.day
),

live as (
    select
        points.customer_id,
        points.day,
        {% for kind in ['pending', 'lead', 'intent', 'refunded', 'engaged', 'aware'] %}
        max(case when windows.kind = '{{ kind }}' then 1 else 0 end) as {{ kind }}{{ "," if not loop.last }}
        {% endfor %}
    from points
    inner join windows on points.customer_id = windows.customer_id
    where
        windows.from_date <= points.day
        and (windows.to_date is null or windows.to_date > points.day)
    group by points.customer_id, points.day
)

select
    points.customer_id,
    points.day,
    coalesce(counted.occasions, 0) as occasions,
    coalesce(counted.recent_occasions, 0) as recent_occasions,
    {{ dbt.datediff('counted.last_occasion', 'points.day', 'day') }} as recency_days,
    counted.longest_gap_days,
    coalesce(balances.balance_exact, 0) > 0 as is_balance_positive,
    coalesce(paid.purchases, 0) > 0 as has_ever_bought,
    live.pending = 1 as has_pending_order,
    live.lead = 1 as is_lead,
    live.intent = 1 as has_intent,
    live.refunded = 1 as has_recent_refund,
    live.engaged = 1 as is_engaged,
    live.aware = 1 as is_aware
from points
inner join live on points.customer_id = live.customer_id and points.day = live.day
left join counted on points.customer_id = counted.customer_id and points.day = counted.day
left join paid on points.customer_id = paid.customer_id and points.day = paid.day
left join balances
    on
        points.customer_id = balances.customer_id
        and points.day >= balances.from_date
        and points.day < coalesce(balances.to_date, cast('9999-12-31' as date))
