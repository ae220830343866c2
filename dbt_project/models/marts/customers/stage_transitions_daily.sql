with history as (
    select
        *,
        lag(stage) over (partition by customer_id order by valid_from) as stage_before,
        lag(substage) over (partition by customer_id order by valid_from) as substage_before
    from {{ ref('customer_stage_history') }}
    where customer_type = 'consumer'
),

moved as (
    select
        valid_from as stage_date,
        coalesce(stage_before, '__new__') as from_stage,
        coalesce(substage_before, '__new__') as from_substage,
        stage as to_stage,
        substage as to_substage,
        count(*) as customers
    from history
    group by
        valid_from, coalesce(stage_before, '__new__'), coalesce(substage_before, '__new__'), stage, substage
),

changes as (
    select {{ days_after('valid_from', 1) }} as day, stage, substage, 1 as customers from history
    union all
    select valid_to, stage, substage, -1 from history where valid_to is not null
),

stayed as (
    {{ running_sums('changes', ['stage', 'substage'], ['customers']) }}
)

select * from moved
union all
select
    date_day as stage_date,
    stage as from_stage,
    substage as from_substage,
    stage as to_stage,
    substage as to_substage,
    customers
from stayed
