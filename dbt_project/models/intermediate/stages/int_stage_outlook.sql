{#
    The next substage if nothing more happens: windows end, and purchases are confirmed. No further ahead than the
    longest stage lasts.
#}
{{ keep_untouched(['customers']) }}
with stages as (
    select
        *,
        lag(substage) over (partition by customer_id order by day) as substage_before
    from {{ ref('int_stages') }} as stages
    where {{ is_touched('customers', 'stages') }}
),

changes as (
    select
        customer_id,
        day,
        substage,
        row_number() over (partition by customer_id order by day) as place
    from stages
    where
        day > {{ night() }} and day <= {{ days_after(night(), outlook_days()) }}
        and substage <> substage_before
)

select
    customer_id,
    day as expires_on,
    substage as next_substage
from changes
where place = 1
