{# Rows for which the condition is false or unknown. #}
{% test expression_is_true(model, condition) %}
select *
from {{ model }}
where not coalesce({{ condition }}, false)
{% endtest %}
