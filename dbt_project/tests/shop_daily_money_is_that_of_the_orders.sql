with told as (
    select shop_id, currency, sum(paid_fen) as paid_fen
    from {{ ref('shop_daily') }}
    group by shop_id, currency
),

paid as (
    select shop_id, currency, sum(paid_fen) as paid_fen
    from {{ ref('orders') }}
    where shop_id is not null and not {{ is_of_a_group('not_counted_reason') }}
    group by shop_id, currency
)

select paid.shop_id
from paid
left join told on paid.shop_id = told.shop_id and paid.currency = told.currency
where paid.paid_fen <> coalesce(told.paid_fen, 0)
