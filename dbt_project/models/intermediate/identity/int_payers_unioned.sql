{{ config(materialized='view') }}

{{ union_feeds('payers', {
    'load_id': dbt.type_string(), 'transaction_id': dbt.type_string(),
    'namespace': dbt.type_string(), 'issuer': dbt.type_string(), 'identifier': dbt.type_string()
}) }}
