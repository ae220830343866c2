{# The owners of touched orders before and after, and whoever has other facts or comes to a day that was foreseen, or
    to one that can be foreseen now. #}
{% set orders, touched = ref('int_orders'), ref('int_touched_orders') %}
{% set compared = [ref('int_refunds'), ref('int_touches'), ref('int_satisfaction'), ref('int_referrals'),
    ref('int_customer_types')] %}
{% if continues_parent() %}
with owners as (
    {% for rows in [orders, of_parent('int_orders')] %}
    select orders.customer_id
    from {{ rows }} as orders
    inner join {{ touched }} as touched
        on orders.source_id = touched.source_id and orders.order_id = touched.order_id
    {{ "union all" if not loop.last }}
    {% endfor %}
),

facts as (
    {{ customers_with_changes('int_refunds', 'order_id is null') }}
    {% for model in ['int_touches', 'int_satisfaction', 'int_referrals', 'int_customer_types'] %}
    union all
    {{ customers_with_changes(model) }}
    {% endfor %}
),

days as (
    {{ customers_whose_day_has_come('int_stage_days', ['day', days_after('day', -outlook_days())]) }}
    union all
    {{ customers_whose_day_has_come('int_evidence_windows', ['from_date', 'to_date']) }}
)

select customer_id from {{ source('run', 'reassigned_customers') }}
union
select customer_id from owners where customer_id is not null
union
select customer_id from facts where customer_id is not null
union
select customer_id from days
{% else %}
{{ nothing_touched(['customer_id']) }}
{% endif %}
