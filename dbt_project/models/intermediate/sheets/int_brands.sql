{{ newest_sheets('brands', ['brand_id'], {
    'brand_id': dbt.type_string(), 'brand_name': dbt.type_string(),
    'rules_profile': dbt.type_string()
}) }}
