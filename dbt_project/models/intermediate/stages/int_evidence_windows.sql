{# Which evidence is live on which days, half-open; `known` is live for ever from the first sign of somebody. #}
with orders as (
    select * from {{ ref('int_orders') }} where customer_id is not null
),

refunds as (
    select * from {{ ref('int_refunds') }} where customer_id is not null
),

purchases as (
    select * from {{ ref('int_order_retention') }} where customer_id is not null
),

touches as (
    select * from {{ ref('int_touches') }}
),

windows as (
    select customer_id, 'known' as kind, created_date as from_date, cast(null as date) as to_date
    from orders
    union all
    select customer_id, 'known', refunded_date, cast(null as date) from refunds
    union all
    select customer_id, 'known', touched_date, cast(null as date) from touches
    union all
    -- not paid yet and not closed
    select
        customer_id, 'pending', created_date,
        least(
            {{ days_after('created_date', var('pending_days') + 1) }},
            coalesce(paid_date, {{ days_after('created_date', var('pending_days') + 1) }}),
            coalesce(closed_date, {{ days_after('created_date', var('pending_days') + 1) }})
        )
    from orders
    union all
    -- an order placed and not paid is intent even when it was closed
    select
        customer_id, 'intent', created_date,
        least(
            {{ days_after('created_date', var('intent_days') + 1) }},
            coalesce(paid_date, {{ days_after('created_date', var('intent_days') + 1) }})
        )
    from orders
    union all
    -- paid, but too little to be a purchase: a lucky bag, a trial
    select
        customer_id, 'intent', paid_date, {{ days_after('paid_date', var('intent_days') + 1) }}
    from orders
    where paid_date is not null and goods_paid_fen < {{ var('min_purchase_fen') }}
    union all
    -- a contact who asked stays a lead when the contact is deleted; a form found invalid does not
    select
        customer_id, 'lead', touched_date,
        least(
            {{ days_after('touched_date', var('lead_days') + 1) }},
            coalesce(
                case when not is_listed then ended_date end,
                {{ days_after('touched_date', var('lead_days') + 1) }}
            )
        )
    from touches
    where kind = 'lead'
    union all
    select
        refunds.customer_id, 'refunded', refunds.refunded_date,
        {{ days_after('refunds.refunded_date', var('refunded_days') + 1) }}
    from refunds
    left join purchases
        on refunds.source_id = purchases.source_id and refunds.order_id = purchases.order_id
    where refunds.order_id is null or purchases.order_id is not null
    union all
    select customer_id, 'engaged', touched_date, {{ days_after('touched_date', var('engage_days') + 1) }}
    from touches
    union all
    -- a form is answered once: it keeps nobody within reach
    select customer_id, 'aware', touched_date, ended_date from touches where is_listed
)

select
    customer_id,
    kind,
    from_date,
    to_date
from windows
where to_date is null or from_date < to_date
