{{ config(materialized='view') }}

{{ union_feeds('payments', {
    'row_key': dbt.type_string(), 'load_id': dbt.type_string(), 'source_id': dbt.type_string(),
    'transaction_id': dbt.type_string(), 'order_id': dbt.type_string(), 'state': dbt.type_string(),
    'settled_fen': 'bigint', 'traded_at': 'timestamp'
}) }}
