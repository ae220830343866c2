{{ config(materialized='view') }}

{{ union_feeds('contacts', {
    'row_key': dbt.type_string(), 'source_id': dbt.type_string(),
    'external_userid_hmac': dbt.type_string(), 'staff_id': dbt.type_string(), 'add_way': dbt.type_string(),
    'state': dbt.type_string(), 'added_at': 'timestamp', 'last_listed_at': 'timestamp'
}) }}
