{{ keep_untouched(['orders']) }}
with orders as (
    select
        orders.*,
        sources.shop_id,
        sources.brand_id
    from (select * from {{ ref('int_orders') }} as orders where {{ is_touched('orders', 'orders') }}) as orders
    inner join {{ source('run', 'sources') }} as sources on orders.source_id = sources.source_id
),

kinds as (
    select
        orders.source_id,
        orders.order_id,
        names.label_zh as order_kind_zh
    from {{ ref('int_order_kinds') }} as orders
    inner join {{ ref('order_kinds') }} as names on orders.order_kind = names.order_kind
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
        from {{ ref('int_order_lines') }} as lines
        where {{ is_touched('orders', 'lines') }}
    ) as ranked
    group by source_id, order_id
),

{# The phase an order was placed in: one of the shop's own first, else the one that opened last. #}
phases as (
    select
        orders.source_id,
        orders.order_id,
        phases.campaign_id,
        phases.phase,
        row_number() over (
            partition by orders.source_id, orders.order_id
            order by
                case when phases.shop_id is null then 1 else 0 end, phases.starts_at desc,
                phases.campaign_id, phases.phase
        ) as place
    from orders
    inner join {{ ref('int_campaign_phases') }} as phases
        on
            orders.created_at between phases.starts_at and phases.ends_at
            and (phases.shop_id is null or phases.shop_id = orders.shop_id)
    inner join {{ ref('int_campaigns') }} as campaigns
        on
            phases.campaign_id = campaigns.campaign_id
            and (campaigns.brand_id is null or campaigns.brand_id = orders.brand_id)
)

select
    orders.source_id,
    orders.order_id,
    kinds.order_kind_zh,
    lines.order_lines,
    cast(lines.quantity as bigint) as quantity,
    lines.main_product_name,
    phases.campaign_id,
    phases.phase as campaign_phase
from orders
left join kinds on orders.source_id = kinds.source_id and orders.order_id = kinds.order_id
left join lines on orders.source_id = lines.source_id and orders.order_id = lines.order_id
left join phases
    on orders.source_id = phases.source_id and orders.order_id = phases.order_id and phases.place = 1
