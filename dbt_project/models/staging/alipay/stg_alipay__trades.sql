with latest as (
    {{ latest_rows('alipay__bill') }}
)

select
    ---------- ids
    row_key,
    source_id,
    load_id,
    transaction_id,
    order_id,

    ---------- text
    state,

    ---------- numerics
    case when state = 'payment' then received_fen else 0 end as settled_fen,
    case when state = 'refund' then -received_fen else 0 end as refunded_fen,

    ---------- timestamps
    traded_at
from latest
