{{ newest_sheets('campaigns', ['campaign_id']) }}
