with days as (
    select * from {{ ref('int_audience_days') }}
),

sources as (
    select * from {{ source('run', 'sources') }}
),

entries as (
    select * from {{ source('run', 'entries') }}
)

select
    days.stat_date,
    days.source_id,
    sources.shop_id,
    sources.brand_id,
    days.entry,
    coalesce(entries.channel_id, 'unknown') as channel_id,
    days.new_followers,
    days.lost_followers,
    days.followers
from days
inner join sources on days.source_id = sources.source_id
left join entries on sources.platform = entries.platform and days.entry = entries.entry
