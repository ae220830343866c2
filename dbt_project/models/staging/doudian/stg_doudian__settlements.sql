with latest as (
    {{ latest_rows('doudian__settlements') }}
)

select
    row_key,
    source_id,
    order_id,
    line_id,
    kind,
    settled_fen,
    paid_fen,
    refunded_before_fen,
    commission_fen,
    service_fen,
    settled_at
from latest
