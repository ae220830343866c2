{{ newest_sheets('shops', ['shop_id'], {
    'shop_id': dbt.type_string(), 'shop_name': dbt.type_string(),
    'platform': dbt.type_string(), 'brand_id': dbt.type_string(),
    'legal_entity': dbt.type_string(), 'is_active': dbt.type_string()
}) }}
