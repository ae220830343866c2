{# A person listed with several types gets the first one in this order; anybody not listed is a consumer. #}
with exclusions as (
    select * from {{ ref('int_exclusions') }}
),

listed as (
    select
        people.customer_id,
        min(
            case exclusions.kind
                when 'test_order' then 1
                when 'fake_order' then 1
                when 'staff' then 2
                when 'distributor' then 3
                when 'reseller' then 4
                when 'business' then 5
            end
        ) as place
    from exclusions
    inner join {{ source('run', 'customer_identifiers') }} as people
        on exclusions.namespace = people.namespace and exclusions.identifier = people.identifier
    group by people.customer_id
)

select
    customer_id,
    case place
        when 1 then 'test' when 2 then 'staff' when 3 then 'distributor' when 4 then 'reseller'
        when 5 then 'business'
    end as customer_type
from listed
where place is not null
