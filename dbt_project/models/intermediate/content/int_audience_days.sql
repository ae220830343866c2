with counted as (
    {{ union_feeds('audience_days', {
        'row_key': dbt.type_string(), 'source_id': dbt.type_string(), 'stat_date': 'date',
        'entry': dbt.type_string(), 'new_followers': 'bigint', 'lost_followers': 'bigint',
        'followers': 'bigint'
    }) }}
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
