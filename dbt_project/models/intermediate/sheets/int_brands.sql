{{ newest_sheets('brands', ['brand_id']) }}
