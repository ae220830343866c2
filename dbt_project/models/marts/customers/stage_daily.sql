with stages as (
    select
        judged.*,
        lead(judged.day) over (partition by judged.customer_id order by judged.day) as day_after
    from {{ ref('int_stages') }} as judged
    left join {{ ref('int_customer_types') }} as types on judged.customer_id = types.customer_id
    where types.customer_type is null
),

dates as (
    select * from {{ ref('dates') }}
)

select
    dates.date_day as stage_date,
    stages.stage,
    stages.substage,
    count(*) as customers,
    cast(sum(case when stages.satisfaction = 'positive' then 1 else 0 end) as bigint) as explicitly_satisfied
from dates
inner join stages
    on dates.date_day >= stages.day and (stages.day_after is null or dates.date_day < stages.day_after)
group by dates.date_day, stages.stage, stages.substage
