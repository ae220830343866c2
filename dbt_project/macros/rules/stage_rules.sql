{# The text of a rule, with the configured numbers in place of the names in braces. #}
{% macro with_numbers_in_force(rule) %}
{% set reported = namespace(sql=rule) %}
{% for name in ['active_days', 'risk_days', 'lapse_days', 'repeat_days', 'min_occasions', 'min_gap_days', 'pending_days',
    'intent_days', 'lead_days', 'refunded_days', 'engage_days', 'advocate_days'] %}
{% set reported.sql = "replace(" ~ reported.sql ~ ", '{" ~ name ~ "}', '" ~ var(name) ~ "')" %}
{% endfor %}
{{ return(reported.sql) }}
{% endmacro %}
