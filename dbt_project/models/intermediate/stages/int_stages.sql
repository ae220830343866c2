{#
    The first matching rule wins; their order is their precedence. Without an opinion a customer counts as
    satisfied: `satisfaction` is a separate column, so that readers can tell the difference.
#}
{{ keep_untouched(['customers']) }}
with inputs as (
    select
        *,
        occasions > 0 and is_balance_positive as is_retained,
        occasions > 0
        and is_balance_positive
        and has_repeated
        and recency_days <= {{ var('risk_days') }}
        and satisfaction <> 'negative' as is_loyal
    from {{ ref('int_stage_inputs') }} as inputs
    where {{ is_touched('customers', 'inputs') }}
),

substages as (
    select
        customer_id,
        day,
        satisfaction,
        case
            when is_loyal and is_advocate then 'loyal.advocate'
            when is_loyal then 'loyal.repeat'
            when is_retained and recency_days <= {{ var('risk_days') }} and satisfaction = 'negative'
                then 'paying.dissatisfied'
            when is_retained and recency_days <= {{ var('active_days') }} and confirmed_occasions = 0
                then 'paying.unconfirmed'
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
            when has_ever_bought and has_recent_refund and satisfaction = 'negative' then 'audience.refunded'
            when has_ever_bought and has_recent_refund then 'potential.refunded'
            when is_engaged then 'audience.engaged'
            when is_aware then 'audience.aware'
            else 'audience.expired'
        end as substage
    from inputs
)

select
    substages.customer_id,
    substages.day,
    stages.stage,
    substages.substage,
    substages.satisfaction
from substages
inner join {{ ref('stage_names') }} as stages on substages.substage = stages.substage
