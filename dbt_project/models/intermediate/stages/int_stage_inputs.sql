{# One row per customer and day on which the stage can change, with the facts of that day. #}
{{ keep_untouched(['customers']) }}
with points as (
    select * from {{ ref('int_stage_days') }} as days where {{ is_touched('customers', 'days') }}
),

windows as (
    select * from {{ ref('int_evidence_windows') }} as windows where {{ is_touched('customers', 'windows') }}
),

live as (
    select
        points.customer_id,
        points.day,
        {% for kind in ['pending', 'lead', 'intent', 'refunded', 'engaged', 'aware',
            'organic_referral', 'rewarded_referral'] %}
        max(case when windows.kind = '{{ kind }}' then 1 else 0 end) as {{ kind }},
        {% endfor %}
        sum(
            case
                when
                    windows.kind = 'rewarded_referral'
                    and windows.from_date >= {{ days_after('points.day', -var('rewarded_referral_days')) }}
                    then 1
                else 0
            end
        ) as rewarded_lately,
        max(case when windows.kind = 'satisfied' then windows.from_date end) as satisfied_date,
        max(case when windows.kind = 'dissatisfied' then windows.from_date end) as dissatisfied_date
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
    coalesce(occasions.occasions, 0) as occasions,
    coalesce(occasions.confirmed_occasions, 0) as confirmed_occasions,
    occasions.recency_days,
    occasions.longest_gap_days,
    coalesce(occasions.has_repeated, false) as has_repeated,
    occasions.customer_id is not null as has_ever_bought,
    coalesce(balances.balance_exact, 0) > 0 as is_balance_positive,
    live.pending = 1 as has_pending_order,
    live.lead = 1 as is_lead,
    live.intent = 1 as has_intent,
    live.refunded = 1 as has_recent_refund,
    live.engaged = 1 as is_engaged,
    live.aware = 1 as is_aware,
    live.organic_referral = 1
    or (live.rewarded_referral = 1 and live.rewarded_lately <= {{ var('max_rewarded_referrals') }})
        as is_advocate,
    case
        when live.dissatisfied_date >= coalesce(live.satisfied_date, live.dissatisfied_date) then 'negative'
        when live.satisfied_date is not null then 'positive'
        else 'unknown'
    end as satisfaction
from points
inner join live on points.customer_id = live.customer_id and points.day = live.day
left join {{ ref('int_occasions') }} as occasions
    on points.customer_id = occasions.customer_id and points.day = occasions.day
left join {{ ref('int_customer_balances') }} as balances
    on
        points.customer_id = balances.customer_id
        and points.day >= balances.from_date
        and points.day < coalesce(balances.to_date, cast('9999-12-31' as date))
