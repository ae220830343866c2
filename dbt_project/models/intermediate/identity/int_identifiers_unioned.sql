{{ config(materialized='view') }}

{{ union_feeds('identifiers', {
    'load_id': dbt.type_string(), 'record_id': dbt.type_string(), 'namespace': dbt.type_string(),
    'issuer': dbt.type_string(), 'identifier': dbt.type_string()
}) }}
