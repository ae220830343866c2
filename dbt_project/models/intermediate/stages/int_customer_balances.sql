{# Exact decimals, because the sign matters: with doubles, sums that should be 0 would flip between signs. #}
{{ keep_untouched(['customers']) }}
with movements as (
    select customer_id, paid_date as moved_date, goods_paid_exact as amount
    from {{ ref('int_orders') }} as orders
    where paid_date is not null and customer_id is not null and {{ is_touched('customers', 'orders') }}
    union all
    select customer_id, refunded_date, -goods_refunded_exact
    from {{ ref('int_refunds') }} as refunds
    where customer_id is not null and takes_purchase_back and {{ is_touched('customers', 'refunds') }}
),

daily as (
    select customer_id, moved_date, sum(amount) as amount
    from movements
    group by customer_id, moved_date
),

running as (
    select
        customer_id,
        moved_date,
        sum(amount) over (
            partition by customer_id order by moved_date
            rows between unbounded preceding and current row
        ) as balance
    from daily
)

select
    customer_id,
    moved_date as from_date,
    lead(moved_date) over (partition by customer_id order by moved_date) as to_date,
    cast(balance as decimal(18, 6)) as balance_exact
from running
