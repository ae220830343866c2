with latest as (
    {{ latest_rows('youzan__salesman_trades') }}
)

select
    ---------- ids
    row_key,
    source_id,
    order_id,
    source_id || '|' || order_id || '|seller' as referrer_record_id,
    seller_key,

    ---------- text
    state,
    settle_state,

    ---------- numerics
    goods_fen,
    commission_fen,
    commission_fen > 0 as is_rewarded,

    ---------- timestamps
    created_at as referred_at,
    settled_at
from latest
