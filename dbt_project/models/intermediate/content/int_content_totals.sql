{#
    A list of the morning may hold what was published that morning: it is not there yet on the day the
    list stands for, and its own first day then counts from publication.
#}
with totals as (
    {{ union_feeds('content_totals', {
        'row_key': dbt.type_string(), 'source_id': dbt.type_string(), 'content_key': dbt.type_string(),
        'title': dbt.type_string(), 'kind': dbt.type_string(), 'published_at': 'timestamp',
        'stat_date': 'date', 'exported_at': 'timestamp', 'exposures': 'bigint', 'views': 'bigint',
        'likes': 'bigint', 'comments': 'bigint', 'shares': 'bigint', 'saves': 'bigint',
        'followers_gained': 'bigint'
    }) }}
)

select
    {{ dbt.hash("source_id || '|' || content_key") }} as content_id,
    source_id,
    title,
    kind,
    published_at,
    {{ date_of('published_at') }} as published_date,
    stat_date,
    {{ content_measures() | join(',\n    ') }}
from totals
where
    stat_date <= {{ night() }}
    and (published_at is null or {{ date_of('published_at') }} <= stat_date)
