with latest as (
    {{ latest_rows('doudian__aftersales') }}
),

valued as (
    select
        *,
        case
            when state = 'done' and kind not in ('exchange', 'reissue')
                then coalesce(goods_fen, 0) + coalesce(freight_fen, 0)
            else 0
        end as paid_back_fen
    from latest
)

select
    ---------- ids
    row_key,
    source_id,
    refund_id,
    order_id,

    ---------- text
    kind,
    reason_class,
    'CNY' as currency,

    ---------- numerics
    paid_back_fen as refunded_fen,
    {{ fen_to_yuan_exact('paid_back_fen') }} as refunded_exact,

    ---------- timestamps
    coalesce(paid_back_at, refunded_at) as refunded_at
from valued
