{{ config(materialized='view') }}

{{ union_feeds('follows', {
    'row_key': dbt.type_string(), 'source_id': dbt.type_string(),
    'openid_hmac': dbt.type_string(), 'scene': dbt.type_string(),
    'followed_at': 'timestamp', 'last_listed_at': 'timestamp'
}) }}
