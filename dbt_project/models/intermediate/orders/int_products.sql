{{ union_feeds('products', {
    'product_id': dbt.type_string(), 'product_role': dbt.type_string(), 'days_of_supply': 'bigint',
    'from_date': 'date', 'to_date': 'date'
}) }}
