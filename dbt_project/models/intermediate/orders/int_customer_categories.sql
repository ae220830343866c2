{{ keep_untouched(['customers']) }}
with bought as (
    select
        lines.customer_id,
        products.category,
        sum(lines.amount_fen) as amount_fen
    from (
        select * from {{ ref('int_order_lines') }} as lines where {{ is_touched('customers', 'lines') }}
    ) as lines
    inner join {{ ref('int_products') }} as products
        on
            lines.product_id = products.product_id
            and lines.created_date >= coalesce(products.valid_from, cast('1970-01-01' as date))
            and (products.valid_to is null or lines.created_date <= products.valid_to)
    where lines.customer_id is not null and products.category is not null
    group by lines.customer_id, products.category
),

ranked as (
    select
        *,
        row_number() over (partition by customer_id order by amount_fen desc, category) as place
    from bought
)

select
    customer_id,
    category
from ranked
where place = 1
