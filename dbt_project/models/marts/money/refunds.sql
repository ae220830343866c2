{{ keep_untouched(['orders']) }}
with refunds as (
    select *
    from {{ ref('int_refunds') }} as refunds
    where {{ is_touched('orders', 'refunds') }}
),

reasons as (
    select * from {{ ref('int_refund_reasons') }}
),

sources as (
    select * from {{ source('run', 'sources') }}
)

select
    refunds.refund_id,
    refunds.order_id,
    refunds.source_id,
    sources.shop_id,
    sources.brand_id,
    refunds.customer_id,
    refunds.refund_kind,
    reasons.reason_class,
    refunds.currency,
    refunds.is_order_known,
    refunds.refunded_at,
    refunds.refunded_date,
    cast(refunds.reported_fen as bigint) as reported_fen,
    cast(refunds.goods_refunded_fen as bigint) as goods_refunded_fen,
    cast(refunds.freight_refunded_fen as bigint) as freight_refunded_fen,
    cast(refunds.goods_refunded_fen + refunds.freight_refunded_fen as bigint) as refunded_fen,
    cast(refunds.excess_fen as bigint) as excess_fen,
    refunds.goods_refunded_exact
from refunds
inner join sources on refunds.source_id = sources.source_id
left join reasons
    on refunds.source_id = reasons.source_id and refunds.refund_id = reasons.refund_id
