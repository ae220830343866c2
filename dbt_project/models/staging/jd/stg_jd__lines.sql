{# The rows of the newest export that shows the order, because an older one may have had more of them. #}
select *
from (
    select
        *,
        max(exported_at) over (partition by source_id, order_id) as newest_export
    from {{ ref('stg_jd__order_rows') }}
) as dated
where exported_at = newest_export
