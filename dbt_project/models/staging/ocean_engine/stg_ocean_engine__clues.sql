with latest as (
    {{ latest_rows('ocean_engine__clues') }}
),

states as (
    select row_key, state, exported_at
    from {{ ref('stg_ocean_engine__clues_versions') }}
    where row_key in (select row_key from latest)
),

last_valid as (
    select row_key, max(exported_at) as exported_at
    from states
    where coalesce(state, 'new') <> 'invalid'
    group by row_key
),

{# A lead may become valid again, so only marks after the last time it was seen valid count. #}
endings as (
    select states.row_key, min(states.exported_at) as ended_at
    from states
    left join last_valid on states.row_key = last_valid.row_key
    where
        states.state = 'invalid'
        and (last_valid.exported_at is null or states.exported_at > last_valid.exported_at)
    group by states.row_key
)

select
    ---------- ids
    latest.row_key,
    latest.source_id,
    latest.row_key as record_id,

    ---------- text
    latest.origin as entry,
    case when endings.ended_at is not null then 'invalid' end as end_reason,

    ---------- timestamps
    latest.created_at,
    endings.ended_at
from latest
left join endings on latest.row_key = endings.row_key
