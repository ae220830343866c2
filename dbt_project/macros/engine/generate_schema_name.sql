{# Schemas are called as they are configured, without the target's prefix: readers rely on `marts`. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
