with history as (
    select * from {{ ref('customer_stage_history') }}
),

dates as (
    select * from {{ ref('dates') }}
)

select
    dates.date_day as stage_date,
    history.stage,
    history.substage,
    count(*) as customers
from dates
inner join history
    on
        dates.date_day >= history.valid_from
        and (history.valid_to is null or dates.date_day < history.valid_to)
group by dates.date_day, history.stage, history.substage
