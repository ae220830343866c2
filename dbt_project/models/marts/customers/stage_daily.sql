with stages as (
    select
        stages.day,
        lead(stages.day) over (partition by stages.customer_id order by stages.day) as day_after,
        stages.stage,
        stages.substage,
        case when stages.satisfaction = 'positive' then 1 else 0 end as explicitly_satisfied
    from {{ ref('int_stages') }} as stages
    left join {{ ref('int_customer_types') }} as types on stages.customer_id = types.customer_id
    where types.customer_type is null
),

changes as (
    select day, stage, substage, 1 as customers, explicitly_satisfied from stages
    union all
    select day_after, stage, substage, -1, -explicitly_satisfied from stages where day_after is not null
)

select
    date_day as stage_date,
    stage,
    substage,
    customers,
    explicitly_satisfied
from (
    {{ running_sums('changes', ['stage', 'substage'], ['customers', 'explicitly_satisfied']) }}
) as daily
