select
    source_id,
    refund_id,
    reason_class
from {{ ref('stg_youzan__refunds') }}
where reason_class is not null
