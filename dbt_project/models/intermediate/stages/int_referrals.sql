{# A referral counts if another person than the referrer made a first purchase soon after it. #}
with referrals as (
    {{ union_feeds('referrals') }}
),

purchases as (
    select
        *,
        min(retained_from) over (partition by customer_id) as first_date
    from {{ ref('int_order_retention') }}
    where customer_id is not null
),

brought as (
    select
        referrals.row_key as referral_id,
        referrers.customer_id,
        purchases.customer_id as referee_customer_id,
        referrals.is_rewarded,
        {{ date_of('referrals.referred_at') }} as referred_date,
        purchases.retained_from,
        purchases.retained_to
    from referrals
    inner join {{ ref('int_order_customers') }} as referrers
        on referrals.referrer_record_id = referrers.record_id
    inner join purchases
        on referrals.source_id = purchases.source_id and referrals.order_id = purchases.order_id
    where
        purchases.retained_from = purchases.first_date
        and purchases.customer_id <> referrers.customer_id
)

select
    referral_id,
    customer_id,
    referee_customer_id,
    case when is_rewarded then 'rewarded_referral' else 'organic_referral' end as kind,
    retained_from as from_date,
    least(
        {{ days_after('retained_from', var('advocate_days') + 1) }},
        coalesce(retained_to, {{ days_after('retained_from', var('advocate_days') + 1) }})
    ) as to_date
from brought
where
    retained_from >= referred_date
    and retained_from <= {{ days_after('referred_date', var('referral_attribution_days')) }}
