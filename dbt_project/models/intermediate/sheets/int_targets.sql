{{ newest_sheets('targets', ['target_month', 'shop_id', 'metric'], {
    'target_month': 'date', 'shop_id': dbt.type_string(), 'metric': dbt.type_string(),
    'target_fen': 'bigint', 'target_count': 'bigint'
}) }}
