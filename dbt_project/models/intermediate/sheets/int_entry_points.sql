{{ newest_sheets('entry_points', ['state'], {
    'state': dbt.type_string(), 'kind': dbt.type_string(), 'channel': dbt.type_string(),
    'campaign_id': dbt.type_string()
}) }}
