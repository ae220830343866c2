{#
    Differences between two sources. They are only listed and never stop the build, because it is not known which
    source is right.
#}
with differences as (
    select
        case when is_order_known then 'refund_exceeds_payment' else 'refund_of_unknown_order' end as cause,
        source_id,
        source_id as shop_source_id,
        refunded_date as business_date,
        refund_id as reference,
        reported_fen,
        reported_fen - excess_fen as counted_fen
    from {{ ref('int_refunds') }}
    where excess_fen <> 0
    union all
    select
        cause,
        coalesce(bill_source_id, source_id),
        source_id,
        business_date,
        coalesce(order_id, transaction_id),
        reported_fen,
        counted_fen
    from {{ ref('int_payment_matches') }}
    where cause is not null
)

select
    differences.cause,
    differences.source_id,
    shops.shop_id,
    differences.business_date,
    differences.reference,
    cast(differences.reported_fen as bigint) as reported_fen,
    cast(differences.counted_fen as bigint) as counted_fen
from differences
left join {{ source('run', 'sources') }} as shops on differences.shop_source_id = shops.source_id
