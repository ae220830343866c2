{# Orders that count and orders per reason why not must sum to all orders; a missing reason shows as a difference. #}
with came as (
    select source_id, count(*) as orders
    from {{ ref('int_orders') }}
    group by source_id
),

buckets as (
    select source_id, not_counted_reason, count(*) as orders
    from {{ ref('orders') }}
    where counts_as_purchase or not_counted_reason is not null
    group by source_id, not_counted_reason
),

placed as (
    select source_id, sum(orders) as orders
    from buckets
    group by source_id
)

select came.source_id
from came
left join placed on came.source_id = placed.source_id
where came.orders <> coalesce(placed.orders, 0)
