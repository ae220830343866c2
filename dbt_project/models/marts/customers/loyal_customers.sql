select
    customer_id,
    substage,
    stage_since_date,
    first_seen_date,
    acquisition_channel_id,
    first_paid_date,
    last_paid_date,
    occasions,
    confirmed_occasions,
    currency,
    paid_fen,
    refunded_fen,
    net_fen,
    satisfaction,
    is_wecom_contact,
    is_follower
from {{ ref('customers') }}
where stage = 'loyal' and customer_type = 'consumer'
