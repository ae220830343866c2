select
    shop_id,
    label,
    min(coalesce(covered_through, cast('1970-01-01' as date))) as covered_through
from {{ source('run', 'coverage') }}
where entity in ('orders', 'refunds') and shop_id is not null
group by shop_id, label
