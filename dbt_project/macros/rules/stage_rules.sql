{# The text of a rule, with the configured numbers in place of the names in braces. #}
{% macro with_numbers_in_force(rule) %}
{% set reported = namespace(sql=rule) %}
{% for name in ['active_days', 'risk_days', 'lapse_days', 'repeat_days', 'min_occasions', 'min_gap_days', 'pending_days',
    'intent_days', 'lead_days', 'refunded_days', 'engage_days', 'advocate_days'] %}
{% set reported.sql = "replace(" ~ reported.sql ~ ", '{" ~ name ~ "}', '" ~ var(name) ~ "')" %}
{% endfor %}
{{ return(reported.sql) }}
{% endmacro %}

{# How many days ahead a stage is foreseen: as long as the longest one lasts. #}
{% macro outlook_days() %}
{{ return(1 + ([var('risk_days'), var('active_days'), var('dissatisfied_days'), var('refunded_days'),
    var('lead_days'), var('pending_days'), var('intent_days'), var('engage_days')] | max)) }}
{% endmacro %}
