{{ config(materialized='view') }}

{{ union_feeds('order_states', {
    'source_id': dbt.type_string(), 'order_id': dbt.type_string(), 'exported_at': 'timestamp',
    'status': dbt.type_string(), 'currency': dbt.type_string(), 'refunded_fen': 'bigint'
}) }}
