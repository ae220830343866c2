with stages as (
    select * from {{ ref('int_stages') }}
),

compared as (
    select
        *,
        lag(substage) over (partition by customer_id order by day) as substage_before
    from stages
),

changes as (
    select * from compared where substage_before is null or substage_before <> substage
)

select
    customer_id,
    stage,
    substage,
    day as valid_from,
    lead(day) over (partition by customer_id order by day) as valid_to
from changes
