{# Payments for unknown orders belong to no shop: they are listed as differences, but not counted here. #}
with matches as (
    select * from {{ ref('int_payment_matches') }}
),

days as (
    select * from {{ ref('int_bill_days') }}
)

select
    sources.shop_id,
    matches.business_date,
    min(case when days.business_date is null then 0 else 1 end) = 1 as is_complete,
    count(*) as orders,
    cast(sum(case when matches.cause is null then 1 else 0 end) as bigint) as agreeing_orders,
    cast(sum(matches.reported_fen) as bigint) as reported_fen,
    cast(sum(matches.counted_fen) as bigint) as counted_fen
from matches
inner join {{ source('run', 'sources') }} as sources on matches.source_id = sources.source_id
left join days on matches.source_id = days.source_id and matches.business_date = days.business_date
where sources.shop_id is not null
group by sources.shop_id, matches.business_date
