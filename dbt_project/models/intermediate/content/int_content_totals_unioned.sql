{{ config(materialized='view') }}

{{ union_feeds('content_totals', {
    'row_key': dbt.type_string(), 'source_id': dbt.type_string(), 'content_key': dbt.type_string(),
    'title': dbt.type_string(), 'kind': dbt.type_string(), 'published_at': 'timestamp',
    'stat_date': 'date', 'exported_at': 'timestamp', 'exposures': 'bigint', 'views': 'bigint',
    'likes': 'bigint', 'comments': 'bigint', 'shares': 'bigint', 'saves': 'bigint',
    'followers_gained': 'bigint'
}) }}
