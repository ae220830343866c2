select
    bundle_id,
    product_id,
    quantity,
    list_price_fen
from {{ ref('int_bundles') }}
