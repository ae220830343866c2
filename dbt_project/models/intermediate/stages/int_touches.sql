with contacts as (
    select * from {{ ref('int_contacts_unioned') }}
),

follows as (
    select * from {{ ref('int_follows_unioned') }}
),

touches as (
    select
        row_key, contacts.source_id, 'external_userid' as namespace, external_userid_hmac as identifier,
        case
            when entry_points.kind in ('inquiry', 'event') then 'lead'
            when entry_points.kind is null and contacts.state like '{{ var("lead_state_prefix") }}%' then 'lead'
            else 'contact'
        end as kind,
        add_way as entry, contacts.state as entry_point, staff_id, added_at as touched_at, last_listed_at
    from contacts
    left join {{ ref('int_entry_points') }} as entry_points on contacts.state = entry_points.state
    union all
    select
        row_key, source_id, 'openid', openid_hmac, 'follow', scene, null, null, followed_at, last_listed_at
    from follows
),

lists as (
    select * from {{ ref('int_lists_unioned') }}
),

endings as (
    select
        touches.row_key,
        min({{ date_of('lists.listed_at') }}) as ended_date
    from touches
    inner join lists
        on touches.source_id = lists.source_id and touches.last_listed_at < lists.listed_at
    group by touches.row_key
)

select
    touches.row_key as touch_id,
    touches.source_id,
    people.customer_id,
    touches.kind,
    true as is_listed,
    touches.entry,
    touches.entry_point,
    touches.staff_id,
    touches.touched_at,
    {{ date_of('touches.touched_at') }} as touched_date,
    case when endings.ended_date <= {{ night() }} then endings.ended_date end as ended_date
from touches
inner join {{ source('run', 'customer_identifiers') }} as people
    on touches.namespace = people.namespace and touches.identifier = people.identifier
left join endings on touches.row_key = endings.row_key
where {{ date_of('touches.touched_at') }} <= {{ night() }}
union all
select
    row_key,
    source_id,
    customer_id,
    'lead',
    false,
    entry,
    null,
    null,
    created_at,
    created_date,
    ended_date
from {{ ref('int_leads') }}
