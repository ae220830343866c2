{# Both versions of a changed row count, because it may have named another order. #}
{% set exports = {} %}
{% for slug in exports_of_orders() %}
{% do exports.update({slug: ref('stg_' ~ slug ~ '_versions')}) %}
{% endfor %}
{% if continues_parent() and exports %}
select distinct source_id, order_id
from (
    {% for slug, versions in exports.items() %}
    {% for rows in [versions, of_parent(versions.identifier)] %}
    select source_id, order_id
    from {{ rows }}
    where row_key in (select row_key from {{ source('run', 'marked_keys') }} where slug = '{{ slug }}')
    {{ "union all" if not loop.last }}
    {% endfor %}
    {{ "union all" if not loop.last }}
    {% endfor %}
) as marked
where order_id is not null
{% else %}
{{ nothing_touched(['source_id', 'order_id']) }}
{% endif %}
