select
    substage,
    stage,
    cast(sort_order as bigint) as sort_order,
    label_zh,
    label_en,
    {{ with_numbers_in_force('rule_zh') }} as rule_zh,
    {{ with_numbers_in_force('rule_en') }} as rule_en,
    colour,
    stage_label_zh,
    stage_label_en
from {{ ref('stage_names') }}
