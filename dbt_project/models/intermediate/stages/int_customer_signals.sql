{# Of the opinions live this night the newest wins; of two on one day, the complaint. #}
{{ keep_untouched(['customers']) }}
with opinions as (
    select
        customer_id,
        source,
        kind,
        row_number() over (partition by customer_id order by from_date desc, kind, source) as place
    from {{ ref('int_satisfaction') }} as opinions
    where to_date > {{ night() }} and {{ is_touched('customers', 'opinions') }}
),

newest as (
    select
        customer_id,
        case kind when 'satisfied' then 'positive' when 'dissatisfied' then 'negative' end as satisfaction,
        source as satisfaction_source
    from opinions
    where place = 1
),

intents as (
    select distinct customer_id
    from {{ ref('int_evidence_windows') }} as windows
    where
        {{ is_touched('customers', 'windows') }}
        and kind in ('pending', 'lead', 'intent')
        and from_date <= {{ night() }} and (to_date is null or to_date > {{ night() }})
)

select
    coalesce(newest.customer_id, intents.customer_id) as customer_id,
    newest.satisfaction,
    newest.satisfaction_source,
    intents.customer_id is not null as has_live_intent
from newest
full join intents on newest.customer_id = intents.customer_id
