with touches as (
    select * from {{ ref('int_touches') }}
),

sources as (
    select * from {{ source('run', 'sources') }}
),

entries as (
    select * from {{ source('run', 'entries') }}
)

select
    {{ dbt.hash('touches.touch_id') }} as touch_id,
    touches.source_id,
    sources.shop_id,
    sources.brand_id,
    touches.customer_id,
    touches.kind,
    coalesce(entries.channel_id, 'unknown') as channel_id,
    touches.entry_point,
    touches.staff_id,
    touches.touched_at,
    touches.touched_date,
    touches.ended_date
from touches
inner join sources on touches.source_id = sources.source_id
left join entries on sources.platform = entries.platform and touches.entry = entries.entry
