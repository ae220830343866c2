{% set young = {'first_day': 0, 'first_7_days': 6, 'first_30_days': 29} %}
with early as (
    select
        {% for name, age in young.items() %}
        max(
            case
                when {{ dbt.datediff('contents.published_date', 'days.stat_date', 'day') }} = {{ age }}
                    then days.views_total
            end
        ) as views_{{ name }},
        {% endfor %}
        days.content_id
    from {{ ref('content_daily') }} as days
    inner join {{ ref('contents') }} as contents on days.content_id = contents.content_id
    group by days.content_id
),

last_days as (
    select
        content_id,
        views as last_day_views,
        row_number() over (partition by content_id order by stat_date desc) as age
    from {{ ref('content_daily') }}
)

select
    contents.content_id,
    contents.source_id,
    contents.shop_id,
    contents.brand_id,
    brands.brand_name,
    contents.channel_id,
    channels.label_zh as channel_zh,
    contents.kind,
    contents.title,
    contents.published_at,
    contents.published_date,
    contents.as_of_date,
    cast({{ dbt.datediff('contents.published_date', 'contents.as_of_date', 'day') }} + 1 as bigint) as days_online,
    {% for measure in content_measures() %}
    contents.{{ measure }}_total,
    {% endfor %}
    contents.likes_total + contents.comments_total + contents.shares_total + contents.saves_total
        as interactions_total,
    {{ share(
        'contents.likes_total + contents.comments_total + contents.shares_total + contents.saves_total',
        'contents.views_total'
    ) }} as interaction_rate,
    {% for name in young %}
    early.views_{{ name }},
    {% endfor %}
    last_days.last_day_views
from {{ ref('contents') }} as contents
left join {{ ref('brands') }} as brands on contents.brand_id = brands.brand_id
left join {{ ref('channels') }} as channels on contents.channel_id = channels.channel_id
left join early on contents.content_id = early.content_id
left join last_days on contents.content_id = last_days.content_id and last_days.age = 1
