{#
    Classifies each order and says why it does not count as a purchase. The kind in the order's row wins, unless
    it allows a purchase and the products do not; of several products the one with the lowest sort_order decides.
#}
{{ keep_untouched(['orders']) }}
with orders as (
    select * from {{ ref('int_orders') }} as orders where {{ is_touched('orders', 'orders') }}
),

lines as (
    select * from {{ ref('int_order_lines') }}
),

products as (
    select * from {{ ref('int_products') }}
),

exclusions as (
    select * from {{ ref('int_exclusions') }}
),

kinds as (
    select * from {{ ref('order_kinds') }}
),

by_products as (
    select
        orders.source_id,
        orders.order_id,
        min(kinds.sort_order) as sort_order
    from orders
    inner join lines on orders.source_id = lines.source_id and orders.order_id = lines.order_id
    left join products
        on
            lines.product_id = products.product_id
            and coalesce(products.valid_from, cast('0001-01-01' as date)) <= orders.created_date
            and coalesce(products.valid_to, cast('9999-12-31' as date)) >= orders.created_date
    left join {{ ref('product_roles') }} as roles on products.role = roles.product_role
    left join kinds on coalesce(roles.order_kind, 'plain') = kinds.order_kind
    group by orders.source_id, orders.order_id
),

named as (
    select
        orders.*,
        case
            when declared.is_purchase or orders.declared_kind is null
                then coalesce(nullif(by_product.order_kind, 'plain'), orders.declared_kind, 'plain')
            else orders.declared_kind
        end as order_kind
    from orders
    left join by_products
        on orders.source_id = by_products.source_id and orders.order_id = by_products.order_id
    left join kinds as by_product on by_products.sort_order = by_product.sort_order
    left join kinds as declared on orders.declared_kind = declared.order_kind
),

listed as (
    select distinct identifier as order_id from exclusions where namespace = 'order'
),

counted as (
    select
        named.source_id,
        named.order_id,
        named.order_kind,
        case
            when listed.order_id is not null then 'listed_order'
            when types.customer_type is not null then 'listed_buyer'
            when named.paid_date is null and named.status = 'closed' then 'closed_unpaid'
            when named.paid_date is null then 'unpaid'
            when
                (named.declared_kind = 'group_buying' or named.status = 'forming')
                and not named.was_past_forming
                then case when named.status = 'closed' then 'group_failed' else 'group_forming' end
            when not kinds.is_purchase then named.order_kind
            when named.goods_paid_fen < {{ var('min_purchase_fen') }} then 'below_minimum'
        end as not_counted_reason,
        named.paid_date is not null as is_paid
    from named
    left join kinds on named.order_kind = kinds.order_kind
    left join listed on named.order_id = listed.order_id
    left join {{ ref('int_customer_types') }} as types on named.customer_id = types.customer_id
)

select
    counted.source_id,
    counted.order_id,
    counted.order_kind,
    counted.not_counted_reason is null as counts_as_purchase,
    counted.not_counted_reason,
    -- payments of a group are held until it forms, and refunded if it never does
    counted.is_paid and coalesce(counted.not_counted_reason, '') not in ('group_forming', 'group_failed')
        as counts_as_revenue,
    coalesce(counted.not_counted_reason, '') not in ('listed_order', 'listed_buyer')
    and (kinds.is_purchase or kinds.shows <> 'nothing') as shows_interest,
    case counted.not_counted_reason
        when counted.order_kind then nullif(kinds.shows, 'nothing')
        when 'below_minimum' then 'intent'
    end as shows_once_paid
from counted
left join kinds on counted.order_kind = kinds.order_kind
