select
    target_month,
    shop_id,
    metric,
    target_fen,
    target_count
from {{ ref('int_targets') }}
