{#
    The owner is the colleague who added the person last, of those who still have the contact. A person who only
    submitted a form is in no list: touched, but not reachable.
#}
{{ keep_untouched(['customers']) }}
with touches as (
    select * from {{ ref('int_touches') }} as touches where {{ is_touched('customers', 'touches') }}
),

listed as (
    select * from touches where is_listed
),

owners as (
    select
        listed.customer_id,
        listed.staff_id,
        staff.display_name,
        row_number() over (
            partition by listed.customer_id order by listed.touched_at desc, listed.staff_id
        ) as place
    from listed
    left join {{ ref('int_staff') }} as staff on listed.staff_id = staff.staff_id
    where listed.staff_id is not null and listed.ended_date is null
),

entries as (
    select
        customer_id,
        entry_point,
        row_number() over (partition by customer_id order by touched_at, entry_point) as place
    from listed
    where entry_point is not null
),

contacts as (
    select
        customer_id,
        max(case when is_listed and kind <> 'follow' and ended_date is null then 1 else 0 end) = 1
            as is_wecom_contact,
        max(case when is_listed and kind = 'follow' and ended_date is null then 1 else 0 end) = 1 as is_follower,
        max(touched_date) as last_touch_date
    from touches
    group by customer_id
)

select
    contacts.customer_id,
    contacts.is_wecom_contact,
    contacts.is_follower,
    contacts.last_touch_date,
    owners.staff_id as owner_staff_id,
    owners.display_name as owner_name,
    entries.entry_point as first_entry_point
from contacts
left join owners on contacts.customer_id = owners.customer_id and owners.place = 1
left join entries on contacts.customer_id = entries.customer_id and entries.place = 1
