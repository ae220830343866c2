{{ newest_sheets('staff', ['staff_id'], {
    'staff_id': dbt.type_string(), 'display_name': dbt.type_string(),
    'role': dbt.type_string(), 'shop_id': dbt.type_string(), 'is_active': dbt.type_string(),
    'phone_hmac': dbt.type_string()
}) }}
