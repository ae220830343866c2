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
    sources.shop_id,
    sources.brand_id,
    days.covered_days,
    days.is_one_day,
    {% for measure in content_measures() %}
    days.{{ measure }},
    {% endfor %}
    {% for measure in content_measures() %}
    days.{{ measure }}_total{{ "," if not loop.last }}
    {% endfor %}
from days
inner join sources on days.source_id = sources.source_id
