{# The first rule that matches decides; the order of the rules is their precedence. #}
with inputs as (
    select
        *,
        occasions > 0 and is_balance_positive as is_retained
    from {{ ref('int_stage_inputs') }}
),

judged as (
    select
        customer_id,
        day,
        case
            when
                is_retained
                and recent_occasions >= {{ var('min_occasions') }}
                and recency_days <= {{ var('risk_days') }}
                then 'loyal.repeat'
            when
                is_retained
                and recency_days <= {{ var('active_days') }}
                and longest_gap_days > {{ var('lapse_days') }}
                then 'paying.won_back'
            when is_retained and occasions = 1 and recency_days <= {{ var('active_days') }}
                then 'paying.first'
            when is_retained and recency_days <= {{ var('active_days') }} then 'paying.active'
            when is_retained and recency_days <= {{ var('risk_days') }} then 'paying.at_risk'
            when is_retained then 'paying.lapsed'
            when has_pending_order then 'potential.pending'
            when is_lead then 'potential.lead'
            when has_intent then 'potential.intent'
            when has_ever_bought and has_recent_refund then 'potential.refunded'
            when is_engaged then 'audience.engaged'
            when is_aware then 'audience.aware'
            else 'audience.expired'
        end as substage
    from inputs
)

select
    judged.customer_id,
    judged.day,
    stages.stage,
    judged.substage
from judged
inner join {{ ref('stage_names') }} as stages on judged.substage = stages.substage
