select
    source_id,
    order_id,
    row_number() over (partition by source_id, order_id order by line_id) as line_number,
    product_id,
    product_name,
    quantity,
    {{ fen_to_yuan_exact(goods_part('payable_fen', 'freight_fen', 'paid_at')) }} as amount_exact
from {{ ref('stg_doudian__sub_orders') }}
