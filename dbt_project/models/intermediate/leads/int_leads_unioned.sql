{{ config(materialized='view') }}

{{ union_feeds('leads', {
    'row_key': dbt.type_string(), 'source_id': dbt.type_string(), 'record_id': dbt.type_string(),
    'entry': dbt.type_string(), 'created_at': 'timestamp', 'ended_at': 'timestamp',
    'end_reason': dbt.type_string()
}) }}
