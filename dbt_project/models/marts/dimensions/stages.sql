select
    substage,
    stage,
    cast(sort_order as bigint) as sort_order,
    label_zh,
    label_en,
    colour,
    stage_label_zh,
    stage_label_en
from {{ ref('stage_names') }}
