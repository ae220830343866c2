with latest as (
    {{ latest_rows('wechat_pay__bill') }}
)

select
    ---------- ids
    row_key,
    source_id,
    load_id,
    transaction_id,
    order_id,
    openid_hmac,
    app_id,

    ---------- text
    state,

    ---------- numerics
    settled_fen,
    refunded_fen,

    ---------- timestamps
    traded_at
from latest
