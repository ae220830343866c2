select
    customer_id,
    customer_type,
    stage,
    substage,
    first_seen_date,
    currency,
    paid_fen,
    refunded_fen,
    net_fen
from {{ ref('customers') }}
where customer_type <> 'consumer'
