with latest as (
    {{ latest_rows('taobao__orders') }}
)

select
    ---------- ids
    row_key,
    source_id,
    order_id,
    transaction_id,

    ---------- text
    status,
    'CNY' as currency,

    ---------- numerics
    {{ goods_part('paid_fen', 'freight_fen', 'paid_at') }} as goods_paid_fen,
    {{ freight_part('paid_fen', 'freight_fen', 'paid_at') }} as freight_paid_fen,
    {{ fen_to_yuan_exact(goods_part('paid_fen', 'freight_fen', 'paid_at')) }} as goods_paid_exact,

    ---------- timestamps
    created_at,
    paid_at,
    finished_at
from latest
