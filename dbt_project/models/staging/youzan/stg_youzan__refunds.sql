with latest as (
    {{ latest_rows('youzan__refunds') }}
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
    case when status = 'done' and kind <> 'exchange' then paid_back_fen else 0 end as refunded_fen,
    {{ fen_to_yuan_exact("case when status = 'done' and kind <> 'exchange' then paid_back_fen else 0 end") }}
        as refunded_exact,

    ---------- timestamps
    refunded_at
from latest
