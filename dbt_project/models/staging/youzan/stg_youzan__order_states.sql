{# Every state an export has shown: the source of the dates of refunds and closings without an event. #}
select distinct
    source_id,
    order_id,
    exported_at,
    status,
    'CNY' as currency,
    coalesce(refunded_fen, 0) as refunded_fen
from {{ ref('stg_youzan__orders_versions') }}
