with reported as (
    select shop_id, currency, sum(paid_fen) as paid_fen
    from {{ ref('shop_daily') }}
    group by shop_id, currency
),

paid as (
    select shop_id, currency, sum(paid_fen) as paid_fen
    from {{ ref('orders') }}
    where shop_id is not null and counts_as_revenue
    group by shop_id, currency
)

select paid.shop_id
from paid
left join reported on paid.shop_id = reported.shop_id and paid.currency = reported.currency
where paid.paid_fen <> coalesce(reported.paid_fen, 0)
