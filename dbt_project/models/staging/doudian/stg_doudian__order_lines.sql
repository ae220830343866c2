select
    source_id,
    order_id,
    row_number() over (partition by source_id, order_id order by line_id) as line_number,
    product_id,
    product_name,
    quantity,
    {{ exact("case when paid_at is null then 0 else greatest(payable_fen - freight_fen, 0) end") }}
        as amount_exact
from {{ ref('stg_doudian__sub_orders') }}
