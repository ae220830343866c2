{{ keep_untouched(['orders', 'customers']) }}
with orders as (
    select *
    from {{ ref('orders') }} as orders
    where {{ is_touched('orders', 'orders') }} or {{ is_touched('customers', 'orders') }}
),

purchases as (
    select
        source_id,
        order_id,
        paid_date,
        row_number() over (partition by customer_id order by paid_at, source_id, order_id) as purchase_number,
        max(case when confirmed_date is not null then paid_date end) over (
            partition by customer_id order by paid_at, source_id, order_id
            rows between unbounded preceding and 1 preceding
        ) as confirmed_before
    from orders
    where counts_as_purchase and customer_id is not null
),

stages as (
    select * from {{ ref('customer_stage_history') }} as stages where {{ is_touched('customers', 'stages') }}
)

select
    orders.order_id,
    orders.source_id,
    orders.shop_id,
    shops.shop_name,
    orders.brand_id,
    brands.brand_name,
    orders.channel_id,
    channels.label_zh as channel_zh,
    orders.customer_id,
    stages.stage as stage_before,
    stages.substage as substage_before,
    orders.status,
    orders.sales_channel,
    orders.currency,
    orders.order_kind,
    details.order_kind_zh,
    orders.counts_as_purchase,
    orders.not_counted_reason,
    orders.counts_as_revenue,
    orders.is_retained,
    case when orders.customer_id is not null then coalesce(purchases.purchase_number = 1, false) end
        as is_first_purchase,
    case
        when purchases.order_id is not null
            then coalesce({{ dbt.datediff('purchases.confirmed_before', 'purchases.paid_date', 'day') }} > 365, true)
    end as is_new_365,
    purchases.purchase_number,
    details.campaign_id, details.campaign_phase,
    orders.creator_key, orders.creator_id, creators.creator_name, creators.creator_type,
    orders.ordered_at, orders.ordered_date, orders.paid_at, orders.paid_date, orders.confirmed_date,
    details.order_lines, details.quantity, details.main_product_name,
    orders.paid_fen, orders.goods_paid_fen, orders.freight_paid_fen, orders.refunded_fen, orders.net_fen
from orders
left join {{ ref('shops') }} as shops on orders.shop_id = shops.shop_id
left join {{ ref('brands') }} as brands on orders.brand_id = brands.brand_id
left join {{ ref('channels') }} as channels on orders.channel_id = channels.channel_id
left join {{ ref('creators') }} as creators on orders.creator_id = creators.creator_id
left join {{ ref('int_order_details') }} as details
    on orders.source_id = details.source_id and orders.order_id = details.order_id
left join purchases on orders.source_id = purchases.source_id and orders.order_id = purchases.order_id
{#
    The stage at the beginning of the day, because the order itself may have changed it. A left join on an `or`
    would compare every order with every stage.
#}
left join stages
    on
        orders.customer_id = stages.customer_id
        and stages.valid_from < orders.ordered_date
        and coalesce(stages.valid_to, cast('9999-12-31' as date)) >= orders.ordered_date
