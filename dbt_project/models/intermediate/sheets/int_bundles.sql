{{ newest_sheets('bundles', ['bundle_id', 'product_id']) }}
