{{ newest_sheets('bundles', ['bundle_id', 'product_id'], {
    'bundle_id': dbt.type_string(), 'product_id': dbt.type_string(), 'quantity': 'bigint',
    'list_price_fen': 'bigint'
}) }}
