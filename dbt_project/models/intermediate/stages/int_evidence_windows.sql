{# The half-open windows of days on which each piece of evidence is live; `known` never ends. #}
{{ keep_untouched(['customers']) }}
with orders as (
    select
        placed.*,
        kinds.shows_interest,
        kinds.shows_once_paid,
        case when kinds.counts_as_revenue then placed.paid_date end as settled_date
    from (
        select * from {{ ref('int_orders') }} as orders
        where customer_id is not null and {{ is_touched('customers', 'orders') }}
    ) as placed
    inner join {{ ref('int_order_kinds') }} as kinds
        on placed.source_id = kinds.source_id and placed.order_id = kinds.order_id
),

refunds as (
    select *
    from {{ ref('int_refunds') }} as refunds
    where customer_id is not null and takes_purchase_back and {{ is_touched('customers', 'refunds') }}
),

purchases as (
    select *
    from {{ ref('int_order_retention') }} as purchases
    where customer_id is not null and {{ is_touched('customers', 'purchases') }}
),

touches as (
    select * from {{ ref('int_touches') }} as touches where {{ is_touched('customers', 'touches') }}
),

opinions as (
    select * from {{ ref('int_satisfaction') }} as opinions where {{ is_touched('customers', 'opinions') }}
),

referrals as (
    select * from {{ ref('int_referrals') }} as referrals where {{ is_touched('customers', 'referrals') }}
),

windows as (
    select customer_id, 'known' as kind, created_date as from_date, cast(null as date) as to_date
    from orders
    union all
    select customer_id, 'known', refunded_date, cast(null as date) from refunds
    union all
    select customer_id, 'known', touched_date, cast(null as date) from touches
    union all
    -- not paid yet, or waiting for a group to form, and not closed
    select
        customer_id, 'pending', created_date,
        least(
            {{ days_after('created_date', var('pending_days') + 1) }},
            coalesce(settled_date, {{ days_after('created_date', var('pending_days') + 1) }}),
            coalesce(closed_date, {{ days_after('created_date', var('pending_days') + 1) }})
        )
    from orders
    where shows_interest
    union all
    -- an order placed and not paid is intent even when it was closed
    select
        customer_id, 'intent', created_date,
        least(
            {{ days_after('created_date', var('intent_days') + 1) }},
            coalesce(settled_date, {{ days_after('created_date', var('intent_days') + 1) }})
        )
    from orders
    where shows_interest
    {% for kind in ['pending', 'lead', 'intent'] %}
    union all
    -- paid but no purchase: a deposit, a lead-in product, a trial
    select
        customer_id, '{{ kind }}', paid_date, {{ days_after('paid_date', var(kind ~ '_days') + 1) }}
    from orders
    where paid_date is not null and shows_once_paid = '{{ kind }}'
    {% endfor %}
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
    -- a form is submitted once, so it does not keep a person reachable
    select customer_id, 'aware', touched_date, ended_date from touches where is_listed
    union all
    select customer_id, 'known', from_date, cast(null as date) from opinions
    union all
    select customer_id, kind, from_date, to_date from opinions
    union all
    select customer_id, kind, from_date, to_date from referrals
)

select
    customer_id,
    kind,
    from_date,
    to_date
from windows
where to_date is null or from_date < to_date
