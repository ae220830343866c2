with orders as (
    select * from {{ ref('orders') }}
),

lines as (
    select
        source_id,
        order_id,
        count(*) as order_lines,
        sum(quantity) as quantity,
        max(case when place = 1 then product_name end) as main_product_name
    from (
        select
            *,
            row_number() over (
                partition by source_id, order_id order by amount_fen desc, line_number
            ) as place
        from {{ ref('order_lines') }}
    ) as ranked
    group by source_id, order_id
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

{# Of the phases an order was placed in the shop's own, else the one that opened last. #}
phases as (
    select source_id, order_id, campaign_id, phase
    from (
        select
            orders.source_id,
            orders.order_id,
            phases.campaign_id,
            phases.phase,
            row_number() over (
                partition by orders.source_id, orders.order_id
                order by case when phases.shop_id is null then 1 else 0 end, phases.starts_at desc,
                    phases.campaign_id, phases.phase
            ) as place
        from orders
        inner join {{ ref('campaign_phases') }} as phases
            on
                orders.ordered_at between phases.starts_at and phases.ends_at
                and (phases.shop_id is null or phases.shop_id = orders.shop_id)
        inner join {{ ref('campaigns') }} as campaigns
            on
                phases.campaign_id = campaigns.campaign_id
                and (campaigns.brand_id is null or campaigns.brand_id = orders.brand_id)
    ) as ranked
    where place = 1
),

stages as (
    select * from {{ ref('customer_stage_history') }}
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
    kinds.label_zh as order_kind_zh,
    orders.counts_as_purchase,
    orders.not_counted_reason,
    orders.is_retained,
    case when orders.customer_id is not null then coalesce(purchases.purchase_number = 1, false) end
        as is_first_purchase,
    case when purchases.order_id is not null then
        coalesce({{ dbt.datediff('purchases.confirmed_before', 'purchases.paid_date', 'day') }} > 365, true) end
        as is_new_365,
    purchases.purchase_number,
    phases.campaign_id, phases.phase as campaign_phase,
    orders.creator_key, orders.creator_id, creators.creator_name, creators.creator_type,
    orders.ordered_at, orders.ordered_date, orders.paid_at, orders.paid_date, orders.confirmed_date,
    lines.order_lines,
    cast(lines.quantity as bigint) as quantity,
    lines.main_product_name,
    orders.paid_fen, orders.goods_paid_fen, orders.freight_paid_fen, orders.refunded_fen, orders.net_fen
from orders
left join {{ ref('shops') }} as shops on orders.shop_id = shops.shop_id
left join {{ ref('brands') }} as brands on orders.brand_id = brands.brand_id
left join {{ ref('channels') }} as channels on orders.channel_id = channels.channel_id
left join {{ ref('creators') }} as creators on orders.creator_id = creators.creator_id
left join {{ ref('order_kinds') }} as kinds on orders.order_kind = kinds.order_kind
left join lines on orders.source_id = lines.source_id and orders.order_id = lines.order_id
left join purchases on orders.source_id = purchases.source_id and orders.order_id = purchases.order_id
left join phases on orders.source_id = phases.source_id and orders.order_id = phases.order_id
{#
    As people stood when the day began: the order itself may have moved them. A left join on an `or` compares
    every order with every stage.
#}
left join stages
    on
        orders.customer_id = stages.customer_id
        and stages.valid_from < orders.ordered_date
        and coalesce(stages.valid_to, cast('9999-12-31' as date)) >= orders.ordered_date
