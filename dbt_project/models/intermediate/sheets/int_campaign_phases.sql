{{ newest_sheets('campaign_phases', ['campaign_id', 'phase', 'starts_at', 'shop_id'], {
    'campaign_id': dbt.type_string(), 'phase': dbt.type_string(), 'starts_at': 'timestamp',
    'ends_at': 'timestamp', 'final_due_at': 'timestamp', 'shop_id': dbt.type_string()
}) }}
