{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('ocean_engine__clues') }}"
) }}

with winners as (
    {{ winners('ocean_engine__clues', ref('stg_ocean_engine__clues_versions')) }}
),

states as (
    select row_key, state, exported_at
    from {{ ref('stg_ocean_engine__clues_versions') }}
    where row_key in (select row_key from winners)
),

last_valid as (
    select row_key, max(exported_at) as exported_at
    from states
    where coalesce(state, 'new') <> 'invalid'
    group by row_key
),

{# A lead taken up again lives on, so only the marks since it was last seen valid count. #}
endings as (
    select states.row_key, min(states.exported_at) as ended_at
    from states
    left join last_valid on states.row_key = last_valid.row_key
    where
        states.state = 'invalid'
        and (last_valid.exported_at is null or states.exported_at > last_valid.exported_at)
    group by states.row_key
),

renamed as (
    select
        ---------- ids
        winners.row_key,
        winners.source_id,
        winners.row_key as record_id,

        ---------- text
        winners.origin as entry,
        case when endings.ended_at is not null then 'invalid' end as end_reason,

        ---------- timestamps
        winners.created_at,
        endings.ended_at
    from winners
    left join endings on winners.row_key = endings.row_key
)

select * from renamed
