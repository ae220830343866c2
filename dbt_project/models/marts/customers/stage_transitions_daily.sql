with history as (
    select
        *,
        lag(stage) over (partition by customer_id order by valid_from) as stage_before,
        lag(substage) over (partition by customer_id order by valid_from) as substage_before
    from {{ ref('customer_stage_history') }}
    where customer_type = 'consumer'
),

dates as (
    select * from {{ ref('dates') }}
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

stayed as (
    select
        dates.date_day as stage_date,
        history.stage as from_stage,
        history.substage as from_substage,
        history.stage as to_stage,
        history.substage as to_substage,
        count(*) as customers
    from dates
    inner join history
        on
            dates.date_day > history.valid_from
            and (history.valid_to is null or dates.date_day < history.valid_to)
    group by dates.date_day, history.stage, history.substage
)

select * from moved
union all
select * from stayed
