{{ newest_sheets('shops', ['shop_id']) }}
