{# How often one BIGINT goes into another, never by way of an inexact number. #}
{% macro whole_quotient(dividend, divisor) %}
{{ return(adapter.dispatch('whole_quotient')(dividend, divisor)) }}
{% endmacro %}

{% macro default__whole_quotient(dividend, divisor) %}({{ dividend }} div {{ divisor }}){% endmacro %}

{% macro duckdb__whole_quotient(dividend, divisor) %}({{ dividend }} // {{ divisor }}){% endmacro %}
