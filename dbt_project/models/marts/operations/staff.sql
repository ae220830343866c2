select
    staff_id,
    display_name,
    role,
    shop_id,
    coalesce(is_active, 'yes') = 'yes' as is_active
from {{ ref('int_staff') }}
