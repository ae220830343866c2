{# An order is also touched by the day on which something it holds begins to count, and by its person. #}
{% set rows, orders, types = ref('int_touched_rows'), ref('int_orders_unioned'), ref('int_customer_types') %}
{% set refunds, states = ref('int_refunds_unioned'), ref('int_order_states_unioned') %}
{% if continues_parent() %}
select source_id, order_id from {{ rows }}
union
select source_id, order_id
from {{ orders }}
where
    {{ has_come('created_at') }} or {{ has_come('paid_at') }} or {{ has_come('finished_at') }}
    or source_id || '|' || order_id in (select record_id from {{ source('run', 'reassigned_records') }})
union
select source_id, order_id from {{ refunds }} where order_id is not null and {{ has_come('refunded_at') }}
union
select source_id, order_id from {{ states }} where {{ has_come('exported_at') }}
union
select source_id, order_id from {{ of_parent('int_order_retention') }} where {{ has_come('confirms_on') }}
union
select source_id, order_id
from {{ of_parent('int_orders') }}
where customer_id in ({{ customers_with_changes('int_customer_types') }})
{% else %}
{{ nothing_touched(['source_id', 'order_id']) }}
{% endif %}
