{# Rows for which the condition is false or unknown. #}
{% test always(model, condition) %}
select *
from {{ model }}
where not coalesce({{ condition }}, false)
{% endtest %}
