select
    product_id,
    coalesce(valid_from, cast('1970-01-01' as date)) as valid_from,
    valid_to,
    product_name,
    role,
    category,
    cost_fen,
    days_of_supply
from {{ ref('int_products') }}
