{# Deliveries are not exposures: the platform does not report how often an article was shown. #}
with latest as (
    {{ latest_rows('wechat_oa__article_totals') }}
)

select
    ---------- ids
    row_key,
    source_id,
    msgid as content_key,

    ---------- text
    title,
    'article' as kind,

    ---------- numerics
    read_count as views,
    share_count as shares,
    favourite_count as saves,

    ---------- dates
    stat_date,

    ---------- timestamps
    cast(published_date as timestamp) as published_at,
    exported_at
from latest
