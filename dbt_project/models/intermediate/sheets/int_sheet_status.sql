{% set days = {
    'targets': 'last_day(max(target_month))', 'campaign_phases': 'max(ends_at)', 'spend': 'max(spent_on)'
} %}
{% for sheet in [
    'shops', 'brands', 'targets', 'campaigns', 'campaign_phases', 'entry_points', 'exclusions', 'products',
    'bundles', 'creators', 'staff', 'spend'
] %}
select
    '{{ sheet }}' as sheet,
    max(stated_at) as stated_at,
    cast({{ days.get(sheet, 'null') }} as date) as covered_through
from {{ ref('int_' ~ sheet) }}
{{ "union all" if not loop.last }}
{% endfor %}
