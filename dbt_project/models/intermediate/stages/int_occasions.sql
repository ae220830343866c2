{#
    An occasion is a day with a retained purchase. A repeat buyer has enough confirmed ones, each far enough from
    the one before; counting from the earliest on gives the largest possible number.
#}
{{ keep_untouched(['customers']) }}
with purchases as (
    select *
    from {{ ref('int_order_retention') }} as purchases
    where customer_id is not null and {{ is_touched('customers', 'purchases') }}
),

bought as (
    select
        days.customer_id,
        days.day,
        purchases.retained_from,
        max(
            case when purchases.retained_to is null or purchases.retained_to > days.day then 1 else 0 end
        ) as is_retained,
        max(
            case
                when
                    purchases.confirms_on <= days.day
                    and (purchases.retained_to is null or purchases.retained_to > days.day)
                    then 1
                else 0
            end
        )
            as is_confirmed
    from {{ ref('int_stage_days') }} as days
    inner join purchases
        on days.customer_id = purchases.customer_id and purchases.retained_from <= days.day
    group by days.customer_id, days.day, purchases.retained_from
),

occasions as (
    select
        *,
        lag(retained_from) over (partition by customer_id, day order by retained_from) as retained_from_before
    from bought
    where is_retained = 1
),

{% for number in range(1, var('min_occasions') + 1) %}
spaced_{{ number }} as (
    select occasions.customer_id, occasions.day, min(occasions.retained_from) as retained_from
    from occasions
    {% if number > 1 %}
    inner join spaced_{{ number - 1 }} as earlier
        on
            occasions.customer_id = earlier.customer_id
            and occasions.day = earlier.day
            and occasions.retained_from >= {{ days_after('earlier.retained_from', var('min_gap_days')) }}
    {% endif %}
    where
        occasions.is_confirmed = 1
        and occasions.retained_from >= {{ days_after('occasions.day', -var('repeat_days')) }}
    group by occasions.customer_id, occasions.day
),

{% endfor %}
counted as (
    select
        customer_id,
        day,
        count(*) as occasions,
        sum(is_confirmed) as confirmed_occasions,
        max(retained_from) as last_occasion,
        max({{ dbt.datediff('retained_from_before', 'retained_from', 'day') }}) as longest_gap_days
    from occasions
    group by customer_id, day
),

ever as (
    select distinct customer_id, day from bought
)

select
    ever.customer_id,
    ever.day,
    coalesce(counted.occasions, 0) as occasions,
    coalesce(counted.confirmed_occasions, 0) as confirmed_occasions,
    {{ dbt.datediff('counted.last_occasion', 'ever.day', 'day') }} as recency_days,
    counted.longest_gap_days,
    repeated.customer_id is not null as has_repeated
from ever
left join counted on ever.customer_id = counted.customer_id and ever.day = counted.day
left join spaced_{{ var('min_occasions') }} as repeated
    on ever.customer_id = repeated.customer_id and ever.day = repeated.day
