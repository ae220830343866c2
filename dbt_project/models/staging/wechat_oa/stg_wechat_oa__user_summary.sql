with latest as (
    {{ latest_rows('wechat_oa__user_summary') }}
)

select
    ---------- ids
    row_key,
    source_id,

    ---------- text
    user_source as entry,

    ---------- numerics
    new_followers,
    lost_followers,

    ---------- dates
    stat_date
from latest
