{# A payer is seen in the record of the order that was paid. #}
with shown as (
    {{ union_feeds('identifiers', {
        'load_id': dbt.type_string(), 'record_id': dbt.type_string(), 'namespace': dbt.type_string(),
        'issuer': dbt.type_string(), 'identifier': dbt.type_string()
    }) }}
),

payers as (
    {{ union_feeds('payers', {
        'load_id': dbt.type_string(), 'transaction_id': dbt.type_string(),
        'namespace': dbt.type_string(), 'issuer': dbt.type_string(), 'identifier': dbt.type_string()
    }) }}
),

orders as (
    {{ union_feeds('orders', {
        'source_id': dbt.type_string(), 'order_id': dbt.type_string(),
        'transaction_id': dbt.type_string()
    }) }}
),

paid as (
    select
        payers.load_id,
        orders.source_id || '|' || orders.order_id as record_id,
        payers.namespace,
        payers.issuer,
        payers.identifier
    from payers
    inner join orders on payers.transaction_id = orders.transaction_id
),

observed as (
    select * from shown
    union all
    select * from paid
)

select
    observed.record_id,
    observed.namespace,
    observed.issuer,
    observed.identifier,
    min(loads.known_night) as first_known_night
from observed
inner join {{ source('run', 'loads') }} as loads on observed.load_id = loads.load_id
group by observed.record_id, observed.namespace, observed.issuer, observed.identifier
