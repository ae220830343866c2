{# A rule in words with the numbers in force for the names in braces. #}
{% macro with_numbers_in_force(rule) %}
{% set told = namespace(sql=rule) %}
{% for name in ['active_days', 'risk_days', 'lapse_days', 'repeat_days', 'min_occasions', 'min_gap_days', 'pending_days',
    'intent_days', 'lead_days', 'refunded_days', 'engage_days', 'advocate_days'] %}
{% set told.sql = "replace(" ~ told.sql ~ ", '{" ~ name ~ "}', '" ~ var(name) ~ "')" %}
{% endfor %}
{{ return(told.sql) }}
{% endmacro %}
