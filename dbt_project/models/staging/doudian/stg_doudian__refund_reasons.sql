select
    source_id,
    refund_id,
    reason_class
from {{ ref('stg_doudian__refunds') }}
where reason_class is not null
