select
    source_id,
    order_id,
    exported_at,
    max(status) as status,
    'CNY' as currency,
    cast(0 as bigint) as refunded_fen
from {{ ref('stg_jd__orders_versions') }}
group by source_id, order_id, exported_at
