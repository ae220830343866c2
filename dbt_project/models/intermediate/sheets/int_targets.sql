{{ newest_sheets('targets', ['target_month', 'shop_id', 'metric']) }}
