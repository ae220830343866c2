{{ keep_untouched(['orders']) }}
with orders as (
    select * from {{ ref('int_orders') }} as orders where {{ is_touched('orders', 'orders') }}
),

sources as (
    select * from {{ source('run', 'sources') }}
),

refunds as (
    select
        source_id,
        order_id,
        sum(goods_refunded_fen) as goods_refunded_fen,
        sum(freight_refunded_fen) as freight_refunded_fen,
        sum(excess_fen) as excess_fen
    from {{ ref('int_refunds') }} as refunds
    where order_id is not null and {{ is_touched('orders', 'refunds') }}
    group by source_id, order_id
),

kinds as (
    select * from {{ ref('int_order_kinds') }}
),

retention as (
    select * from {{ ref('int_order_retention') }}
),

{# The sheet lists creators by their number per platform; a number shared by two creators is ambiguous and ignored. #}
creators as (
    select
        'doudian' as platform,
        douyin_id as creator_key,
        min(creator_id) as creator_id
    from {{ ref('int_creators') }}
    where douyin_id is not null
    group by douyin_id
    having count(*) = 1
),

joined as (
    select
        orders.*,
        sources.shop_id,
        sources.brand_id,
        sources.platform,
        creators.creator_id,
        coalesce(refunds.goods_refunded_fen, 0) as goods_refunded_fen,
        coalesce(refunds.freight_refunded_fen, 0) as freight_refunded_fen,
        coalesce(refunds.excess_fen, 0) as excess_fen,
        kinds.order_kind,
        kinds.counts_as_purchase,
        kinds.not_counted_reason,
        kinds.counts_as_revenue,
        retention.order_id is not null and retention.retained_to is null as is_retained,
        retention.confirmed_date
    from orders
    inner join sources on orders.source_id = sources.source_id
    inner join kinds on orders.source_id = kinds.source_id and orders.order_id = kinds.order_id
    left join creators
        on sources.platform = creators.platform and orders.creator_key = creators.creator_key
    left join refunds
        on orders.source_id = refunds.source_id and orders.order_id = refunds.order_id
    left join retention
        on orders.source_id = retention.source_id and orders.order_id = retention.order_id
)

select
    order_id,
    source_id,
    shop_id,
    brand_id,
    customer_id,
    platform as channel_id,
    status,
    sales_channel,
    creator_key,
    creator_id,
    currency,
    order_kind,
    counts_as_purchase,
    not_counted_reason,
    counts_as_revenue,
    is_retained,
    created_at as ordered_at,
    created_date as ordered_date,
    paid_at,
    paid_date,
    finished_at,
    confirmed_date,
    goods_paid_fen,
    freight_paid_fen,
    goods_paid_fen + freight_paid_fen as paid_fen,
    cast(goods_refunded_fen as bigint) as goods_refunded_fen,
    cast(freight_refunded_fen as bigint) as freight_refunded_fen,
    cast(goods_refunded_fen + freight_refunded_fen as bigint) as refunded_fen,
    cast(excess_fen as bigint) as refund_excess_fen,
    cast(goods_paid_fen + freight_paid_fen - goods_refunded_fen - freight_refunded_fen as bigint) as net_fen
from joined
