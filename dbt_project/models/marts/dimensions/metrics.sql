select
    code,
    cast(sort_order as bigint) as sort_order,
    label_zh,
    label_en,
    unit,
    basis,
    is_additive_over_time,
    is_additive_over_shops,
    formula,
    definition_zh,
    definition_en,
    platform_synonym_zh
from {{ ref('metric_names') }}
