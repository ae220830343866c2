{{ config(materialized='view') }}

{{ union_feeds('orders', {
    'source_id': dbt.type_string(), 'order_id': dbt.type_string(),
    'transaction_id': dbt.type_string(), 'status': dbt.type_string(),
    'declared_kind': dbt.type_string(), 'sales_channel': dbt.type_string(),
    'creator_key': dbt.type_string(),
    'currency': dbt.type_string(), 'goods_paid_fen': 'bigint', 'freight_paid_fen': 'bigint',
    'goods_paid_exact': 'decimal(18, 6)', 'created_at': 'timestamp', 'paid_at': 'timestamp',
    'finished_at': 'timestamp'
}) }}
