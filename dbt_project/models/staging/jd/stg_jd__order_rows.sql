with latest as (
    {{ latest_rows('jd__orders') }}
)

select
    ---------- ids
    row_key,
    source_id,
    order_id,
    line_number,
    coalesce(product_code, item_id) as product_id,

    ---------- text
    product_name,
    status,

    ---------- numerics
    quantity,
    coalesce(price_fen, 0) * quantity as list_fen,
    settled_fen,
    coalesce(freight_fen, 0) as freight_fen,

    ---------- timestamps
    created_at,
    paid_at,
    finished_at,
    exported_at
from latest
