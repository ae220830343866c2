with current_stages as (
    select * from {{ ref('customer_stage_history') }} where valid_to is null
),

first_days as (
    select customer_id, min(valid_from) as first_seen_date
    from {{ ref('customer_stage_history') }}
    group by customer_id
),

retention as (
    select
        customer_id,
        max(retained_from) as last_retained_date,
        count(distinct retained_from) as occasions,
        count(distinct case when confirmed_date is not null then retained_from end) as confirmed_occasions
    from {{ ref('int_order_retention') }}
    where retained_to is null
    group by customer_id
),

money as (
    select
        customer_id,
        max(currency) as currency,
        min(case when counts_as_purchase then paid_date end) as first_paid_date,
        max(case when counts_as_purchase then paid_date end) as last_paid_date,
        sum(case when is_retained then 1 else 0 end) as retained_orders,
        sum(paid_fen) as paid_fen
    from {{ ref('orders') }}
    where customer_id is not null
    group by customer_id
),

refunds as (
    select customer_id, sum(refunded_fen) as refunded_fen
    from {{ ref('refunds') }}
    where customer_id is not null
    group by customer_id
),

evidence as (
    select customer_id, channel_id, touched_at as seen_at from {{ ref('touches') }}
    union all
    select customer_id, channel_id, ordered_at from {{ ref('orders') }} where customer_id is not null
),

acquisition as (
    select customer_id, channel_id
    from (
        select
            customer_id,
            channel_id,
            row_number() over (partition by customer_id order by seen_at, channel_id) as place
        from evidence
    ) as ordered
    where place = 1
),

opinions as (
    select
        customer_id,
        source,
        kind,
        row_number() over (partition by customer_id order by from_date desc, kind, source) as place
    from {{ ref('int_satisfaction') }}
    where to_date > {{ night() }}
),

contacts as (
    select * from {{ ref('int_customer_contacts') }}
),

intents as (
    select distinct customer_id
    from {{ ref('int_evidence_windows') }}
    where kind in ('pending', 'lead', 'intent')
        and from_date <= {{ night() }} and (to_date is null or to_date > {{ night() }})
)

select
    current_stages.customer_id,
    coalesce(types.customer_type, 'consumer') as customer_type,
    current_stages.stage,
    current_stages.substage,
    current_stages.valid_from as stage_since_date,
    outlook.expires_on,
    outlook.next_substage,
    first_days.first_seen_date,
    coalesce(acquisition.channel_id, 'unknown') as acquisition_channel_id,
    money.first_paid_date,
    money.last_paid_date,
    retention.last_retained_date,
    coalesce(retention.occasions, 0) as occasions,
    coalesce(retention.confirmed_occasions, 0) as confirmed_occasions,
    cast(coalesce(money.retained_orders, 0) as bigint) as retained_orders,
    money.currency,
    cast(coalesce(money.paid_fen, 0) as bigint) as paid_fen,
    cast(coalesce(refunds.refunded_fen, 0) as bigint) as refunded_fen,
    cast(coalesce(money.paid_fen, 0) - coalesce(refunds.refunded_fen, 0) as bigint) as net_fen,
    case opinions.kind when 'satisfied' then 'positive' when 'dissatisfied' then 'negative' else 'unknown' end
        as satisfaction,
    opinions.source as satisfaction_source,
    intents.customer_id is not null as has_live_intent,
    coalesce(contacts.is_wecom_contact, false) as is_wecom_contact,
    coalesce(contacts.is_follower, false) as is_follower,
    contacts.owner_staff_id,
    contacts.first_entry_point
from current_stages
inner join first_days on current_stages.customer_id = first_days.customer_id
left join acquisition on current_stages.customer_id = acquisition.customer_id
left join money on current_stages.customer_id = money.customer_id
left join retention on current_stages.customer_id = retention.customer_id
left join refunds on current_stages.customer_id = refunds.customer_id
left join contacts on current_stages.customer_id = contacts.customer_id
left join intents on current_stages.customer_id = intents.customer_id
left join {{ ref('int_customer_types') }} as types on current_stages.customer_id = types.customer_id
left join {{ ref('int_stage_outlook') }} as outlook on current_stages.customer_id = outlook.customer_id
left join opinions on current_stages.customer_id = opinions.customer_id and opinions.place = 1
