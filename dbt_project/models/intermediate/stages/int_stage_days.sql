{#
    The days on which a stage can change: days of facts and ends of their windows, also those after the night. They
    depend on the facts alone, so that a night that brings somebody nothing leaves theirs as they are.
#}
{{ keep_untouched(['customers']) }}
with windows as (
    select * from {{ ref('int_evidence_windows') }} as windows where {{ is_touched('customers', 'windows') }}
),

purchases as (
    select *
    from {{ ref('int_order_retention') }} as purchases
    where customer_id is not null and {{ is_touched('customers', 'purchases') }}
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
    select customer_id, from_date
    from {{ ref('int_customer_balances') }} as balances
    where {{ is_touched('customers', 'balances') }}
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
where days.day >= first_days.first_day
