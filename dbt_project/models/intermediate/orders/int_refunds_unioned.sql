{{ config(materialized='view') }}

{{ union_feeds('refunds', {
    'source_id': dbt.type_string(), 'refund_id': dbt.type_string(),
    'order_id': dbt.type_string(), 'buyer_namespace': dbt.type_string(),
    'buyer_hmac': dbt.type_string(), 'kind': dbt.type_string(), 'currency': dbt.type_string(),
    'refunded_fen': 'bigint', 'refunded_exact': 'decimal(18, 6)', 'refunded_at': 'timestamp'
}) }}
