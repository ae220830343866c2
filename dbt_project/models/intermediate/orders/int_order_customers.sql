{# The person of an order, by its most reliable identifier. #}
{{ keep_untouched(['owners']) }}
with owners as (
    select
        observations.record_id,
        people.customer_id,
        row_number() over (
            partition by observations.record_id
            order by
                case observations.namespace
                    when 'buyer' then 1 when 'unionid' then 2 when 'openid' then 3 else 4
                end,
                people.customer_id
        ) as preference
    from (
        select * from {{ ref('int_identifier_observations') }} as seen where {{ is_touched('owners', 'seen') }}
    ) as observations
    inner join {{ source('run', 'customer_identifiers') }} as people
        on
            observations.namespace = people.namespace
            and observations.identifier = people.identifier
)

select
    record_id,
    customer_id
from owners
where preference = 1
