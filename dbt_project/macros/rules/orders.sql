{# Whether what was paid is held for a group that has not formed, or was given back as none did: no money of the shop. #}
{% macro is_of_a_group(not_counted_reason) -%}
coalesce({{ not_counted_reason }}, '') in ('group_forming', 'group_failed')
{%- endmacro %}
