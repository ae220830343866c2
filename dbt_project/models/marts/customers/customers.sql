{{ keep_untouched(['customers']) }}
with current_stages as (
    select *
    from {{ ref('customer_stage_history') }} as history
    where valid_to is null and {{ is_touched('customers', 'history') }}
),

first_days as (
    select customer_id, min(valid_from) as first_seen_date
    from {{ ref('customer_stage_history') }} as history
    where {{ is_touched('customers', 'history') }}
    group by customer_id
),

evidence as (
    select customer_id, channel_id, touched_at as seen_at
    from {{ ref('touches') }} as touches
    where {{ is_touched('customers', 'touches') }}
    union all
    select customer_id, channel_id, ordered_at
    from {{ ref('orders') }} as orders
    where customer_id is not null and {{ is_touched('customers', 'orders') }}
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
)

select
    current_stages.customer_id,
    current_stages.customer_type,
    current_stages.stage,
    current_stages.substage,
    current_stages.valid_from as stage_since_date,
    outlook.expires_on,
    outlook.next_substage,
    first_days.first_seen_date,
    coalesce(acquisition.channel_id, 'unknown') as acquisition_channel_id,
    totals.first_paid_date,
    totals.last_paid_date,
    totals.last_retained_date,
    coalesce(totals.occasions, 0) as occasions,
    coalesce(totals.confirmed_occasions, 0) as confirmed_occasions,
    coalesce(totals.retained_orders, 0) as retained_orders,
    totals.currency,
    coalesce(totals.paid_fen, 0) as paid_fen,
    coalesce(totals.refunded_fen, 0) as refunded_fen,
    coalesce(totals.paid_fen - totals.refunded_fen, 0) as net_fen,
    coalesce(signals.satisfaction, 'unknown') as satisfaction,
    signals.satisfaction_source,
    coalesce(signals.has_live_intent, false) as has_live_intent,
    coalesce(contacts.is_wecom_contact, false) as is_wecom_contact,
    coalesce(contacts.is_follower, false) as is_follower,
    contacts.owner_staff_id,
    contacts.first_entry_point
from current_stages
inner join first_days on current_stages.customer_id = first_days.customer_id
left join acquisition on current_stages.customer_id = acquisition.customer_id
left join {{ ref('int_customer_totals') }} as totals on current_stages.customer_id = totals.customer_id
left join {{ ref('int_customer_signals') }} as signals on current_stages.customer_id = signals.customer_id
left join {{ ref('int_customer_contacts') }} as contacts on current_stages.customer_id = contacts.customer_id
left join {{ ref('int_stage_outlook') }} as outlook on current_stages.customer_id = outlook.customer_id
