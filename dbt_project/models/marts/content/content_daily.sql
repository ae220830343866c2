with days as (
    select * from {{ ref('int_content_days') }}
),

sources as (
    select * from {{ source('run', 'sources') }}
)

select
    days.content_id,
    days.stat_date,
    days.source_id,
    {% for measure in content_measures() %}
    days.{{ measure }},
    days.{{ measure }}_total,
    {% endfor %}
    days.covered_days,
    days.is_one_day,
    sources.shop_id,
    sources.brand_id
from days
inner join sources on days.source_id = sources.source_id
