with latest as (
    {{ latest_rows('youzan__orders') }}
)

select
    ---------- ids
    row_key,
    source_id,
    order_id,
    transaction_id,
    'phone' as buyer_namespace,
    phone_hmac as buyer_hmac,

    ---------- text
    status,
    case
        when payment_method = '货到付款' then 'cash_on_delivery'
        when order_type <> 'plain' then order_type
    end as declared_kind,
    sales_channel,
    'CNY' as currency,

    ---------- numerics
    {{ goods_part('paid_fen', 'freight_fen', 'coalesce(paid_at, finished_at)') }} as goods_paid_fen,
    {{ freight_part('paid_fen', 'freight_fen', 'coalesce(paid_at, finished_at)') }} as freight_paid_fen,
    {{ fen_to_yuan_exact(goods_part('paid_fen', 'freight_fen', 'coalesce(paid_at, finished_at)')) }}
        as goods_paid_exact,

    ---------- timestamps
    created_at,
    paid_at,
    finished_at
from latest
