{{ union_feeds('order_lines', {
    'source_id': dbt.type_string(), 'order_id': dbt.type_string(), 'line_number': 'bigint',
    'product_id': dbt.type_string(), 'product_name': dbt.type_string(), 'quantity': 'bigint',
    'amount_exact': 'decimal(18, 6)'
}) }}
