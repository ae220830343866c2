{{ newest_sheets('campaign_phases', ['campaign_id', 'phase', 'starts_at', 'shop_id']) }}
