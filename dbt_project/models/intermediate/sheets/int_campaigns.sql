{{ newest_sheets('campaigns', ['campaign_id'], {
    'campaign_id': dbt.type_string(), 'campaign_name': dbt.type_string(),
    'kind': dbt.type_string(), 'brand_id': dbt.type_string(), 'budget_fen': 'bigint'
}) }}
