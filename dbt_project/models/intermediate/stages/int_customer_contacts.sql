{# Of the colleagues who still have somebody as a contact, the one who added them last looks after them. #}
with touches as (
    select * from {{ ref('int_touches') }} where is_listed
),

owners as (
    select
        customer_id,
        staff_id,
        row_number() over (partition by customer_id order by touched_at desc, staff_id) as place
    from touches
    where staff_id is not null and ended_date is null
),

entries as (
    select
        customer_id,
        entry_point,
        row_number() over (partition by customer_id order by touched_at, entry_point) as place
    from touches
    where entry_point is not null
),

contacts as (
    select
        customer_id,
        max(case when kind <> 'follow' and ended_date is null then 1 else 0 end) = 1 as is_wecom_contact,
        max(case when kind = 'follow' and ended_date is null then 1 else 0 end) = 1 as is_follower
    from touches
    group by customer_id
)

select
    contacts.customer_id,
    contacts.is_wecom_contact,
    contacts.is_follower,
    owners.staff_id as owner_staff_id,
    entries.entry_point as first_entry_point
from contacts
left join owners on contacts.customer_id = owners.customer_id and owners.place = 1
left join entries on contacts.customer_id = entries.customer_id and entries.place = 1
