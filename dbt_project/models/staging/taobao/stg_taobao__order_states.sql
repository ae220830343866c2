{# Every state an export has shown: the dates of refunds and closings no event tells come from here. #}
select
    source_id,
    order_id,
    exported_at,
    status,
    'CNY' as currency,
    coalesce(refunded_fen, 0) as refunded_fen
from {{ ref('stg_taobao__orders_versions') }}
