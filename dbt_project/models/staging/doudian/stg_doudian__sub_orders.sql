with latest as (
    {{ latest_rows('doudian__orders') }}
)

select
    ---------- ids
    row_key,
    source_id,
    order_id,
    line_id,
    coalesce(merchant_code, item_id) as product_id,

    ---------- text
    product_name,
    status,
    creator_key,
    traffic_source,
    traffic_form,

    ---------- numerics
    quantity,
    payable_fen,
    coalesce(freight_fen, 0) as freight_fen,

    ---------- timestamps
    created_at,
    paid_at,
    finished_at,
    exported_at
from latest
