{#
    A payer is observed in the record of the order paid for. The row of a gift may show the receiver, so it is a
    separate record, which keeps payer and receiver two people.
#}
{{ keep_untouched(['records']) }}
with shown as (
    select * from {{ ref('int_identifiers_unioned') }}
),

payers as (
    select * from {{ ref('int_payers_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_unioned') }}
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

gifts as (
    select distinct source_id || '|' || order_id as record_id from orders where declared_kind = 'gift_sent'
),

observed as (
    select
        shown.load_id,
        case when gifts.record_id is null then shown.record_id else shown.record_id || '|receiver' end
            as record_id,
        shown.namespace,
        shown.issuer,
        shown.identifier
    from shown
    left join gifts on shown.record_id = gifts.record_id
    union all
    select * from paid
)

select
    observed.record_id,
    observed.namespace,
    coalesce(observed.issuer, '') as issuer,
    observed.identifier,
    min(loads.known_night) as first_known_night
from observed
inner join {{ source('run', 'loads') }} as loads on observed.load_id = loads.load_id
where {{ is_touched('records', 'observed') }}
group by observed.record_id, observed.namespace, coalesce(observed.issuer, ''), observed.identifier
