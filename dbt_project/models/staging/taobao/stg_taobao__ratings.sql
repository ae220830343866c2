with latest as (
    {{ latest_rows('taobao__trade_ratings') }}
)

select
    row_key,
    source_id,
    order_id,
    rated_at,
    score,
    is_default = 'yes' as is_default
from latest
