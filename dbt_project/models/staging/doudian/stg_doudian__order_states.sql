{# An order is closed if an export shows only closed lines of it; the export has no refunds. #}
select
    source_id,
    order_id,
    exported_at,
    case
        when max(case when status <> 'closed' then 1 else 0 end) = 0 then 'closed'
        when max(case when status in ('shipped', 'finished') then 1 else 0 end) = 1 then 'shipped'
        when max(case when status = 'paid' then 1 else 0 end) = 1 then 'paid'
        else 'unpaid'
    end as status,
    'CNY' as currency,
    cast(0 as bigint) as refunded_fen
from {{ ref('stg_doudian__orders_versions') }}
group by source_id, order_id, exported_at
