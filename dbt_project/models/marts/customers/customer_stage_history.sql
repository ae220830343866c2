{{ keep_untouched(['customers']) }}
with stages as (
    select *
    from {{ ref('int_stages') }} as stages
    where day <= {{ night() }} and {{ is_touched('customers', 'stages') }}
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
    changes.customer_id,
    coalesce(types.customer_type, 'consumer') as customer_type,
    changes.stage,
    changes.substage,
    changes.day as valid_from,
    lead(changes.day) over (partition by changes.customer_id order by changes.day) as valid_to
from changes
left join {{ ref('int_customer_types') }} as types on changes.customer_id = types.customer_id
