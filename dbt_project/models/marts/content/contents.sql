with totals as (
    select * from {{ ref('int_content_totals') }}
),

newest as (
    select
        *,
        row_number() over (partition by content_id order by stat_date desc) as age
    from totals
),

sources as (
    select * from {{ source('run', 'sources') }}
)

select
    newest.content_id,
    newest.source_id,
    newest.kind,
    newest.title,
    newest.published_at,
    newest.published_date,
    newest.stat_date as as_of_date,
    {% for measure in content_measures() %}
    newest.{{ measure }} as {{ measure }}_total,
    {% endfor %}
    sources.shop_id,
    sources.brand_id,
    sources.platform as channel_id
from newest
inner join sources on newest.source_id = sources.source_id
where newest.age = 1
