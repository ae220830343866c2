{#
    The days on which a stage can change: days of facts and ends of their windows; for windows also the next days
    after the night, up to the longest stage.
#}
{% set longest = [var('risk_days'), var('active_days'), var('dissatisfied_days'), var('refunded_days'),
    var('lead_days'), var('pending_days'), var('intent_days'), var('engage_days')] | max %}
with windows as (
    select * from {{ ref('int_evidence_windows') }}
),

purchases as (
    select * from {{ ref('int_order_retention') }} where customer_id is not null
),

days as (
    select customer_id, from_date as day from windows
    union
    select customer_id, to_date from windows where to_date is not null
    union
    select customer_id, {{ days_after('from_date', var('rewarded_referral_days') + 1) }}
    from windows
    where kind = 'rewarded_referral'
    union
    select customer_id, from_date from {{ ref('int_customer_balances') }}
    {% for moment in ['retained_from', 'retained_to', 'confirms_on'] %}
    union
    select customer_id, {{ moment }} from purchases where {{ moment }} is not null
    {% endfor %}
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
)

select days.customer_id, days.day
from days
inner join first_days on days.customer_id = first_days.customer_id
where days.day >= first_days.first_day and days.day <= {{ days_after(night(), longest + 1) }}
