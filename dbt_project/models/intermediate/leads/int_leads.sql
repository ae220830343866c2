{#
    Forms of one person, each within the given days of the one before, are one lead: the first is kept, and it
    ends when all of them have ended. Another phone left with the same account is the same person.
#}
with leads as (
    select * from {{ ref('int_leads_unioned') }}
),

owned as (
    select
        leads.row_key,
        leads.source_id,
        people.customer_id,
        leads.entry,
        leads.created_at,
        {{ date_of('leads.created_at') }} as created_date,
        case when {{ date_of('leads.ended_at') }} <= {{ night() }} then {{ date_of('leads.ended_at') }} end
            as ended_date
    from leads
    inner join {{ ref('int_order_customers') }} as people on leads.record_id = people.record_id
    where {{ date_of('leads.created_at') }} <= {{ night() }}
),

spaced as (
    select
        *,
        lag(created_date) over (partition by customer_id order by created_at, row_key) as date_before
    from owned
),

grouped as (
    select
        *,
        sum(
            case
                when {{ dbt.datediff('date_before', 'created_date', 'day') }} <= {{ var('duplicate_lead_days') }}
                    then 0
                else 1
            end
        ) over (
            partition by customer_id order by created_at, row_key
            rows between unbounded preceding and current row
        ) as lead_number
    from spaced
),

placed as (
    select
        *,
        row_number() over (partition by customer_id, lead_number order by created_at, row_key) as place,
        count(*) over (partition by customer_id, lead_number) as forms,
        count(ended_date) over (partition by customer_id, lead_number) as ended_forms,
        max(ended_date) over (partition by customer_id, lead_number) as last_ended_date
    from grouped
)

select
    row_key,
    source_id,
    customer_id,
    entry,
    created_at,
    created_date,
    forms,
    case when ended_forms = forms then last_ended_date end as ended_date
from placed
where place = 1
