{# The order of a gift has a second record, that of the receiver; a payer belongs to the record of the order paid. #}
{% set rows, orders = ref('int_touched_rows'), ref('int_orders_unioned') %}
{% set shown, payers = ref('int_identifiers_unioned'), ref('int_payers_unioned') %}
{% if continues_parent() %}
with orders as (
    select source_id || '|' || order_id as record_id from {{ rows }}
    union all
    select orders.source_id || '|' || orders.order_id
    from {{ orders }} as orders
    inner join (
        select transaction_id from {{ payers }} where {{ is_new('load_id') }}
        union all
        select transaction_id from {{ of_parent('int_payers_unioned') }} where {{ is_gone('load_id') }}
    ) as payers on orders.transaction_id = payers.transaction_id
),

records as (
    select record_id from orders
    union all
    select record_id from {{ shown }} where {{ is_new('load_id') }}
    union all
    select record_id from {{ of_parent('int_identifiers_unioned') }} where {{ is_gone('load_id') }}
)

select record_id from records
union
select record_id || '|receiver' from records
{% else %}
{{ nothing_touched(['record_id']) }}
{% endif %}
