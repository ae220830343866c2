select
    customer_id,
    substage,
    stage_since_date,
    first_seen_date,
    acquisition_channel_id,
    is_wecom_contact,
    is_follower
from {{ ref('customers') }}
where stage = 'potential' and customer_type = 'consumer'
