{# Two exports of a platform may name the same entry differently. #}
with entries as (
    select distinct channel_id, platform, label_zh, label_en from {{ source('run', 'entries') }}
),

platforms as (
    select * from {{ source('run', 'platforms') }}
)

select
    entries.channel_id,
    entries.platform as parent_channel_id,
    entries.label_zh,
    entries.label_en
from entries
union all
select
    platform as channel_id,
    cast(null as {{ dbt.type_string() }}) as parent_channel_id,
    label as label_zh,
    platform as label_en
from platforms
union all
select 'unknown', null, '未知', 'Unknown'
