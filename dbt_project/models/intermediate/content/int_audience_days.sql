with counted as (
    {{ union_feeds('audience_days') }}
)

select
    source_id,
    stat_date,
    entry,
    new_followers,
    lost_followers,
    followers
from counted
where stat_date <= {{ night() }}
