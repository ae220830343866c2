{# Opinions given by customers themselves. A platform's default rating and a medium rating are not opinions. #}
with ratings as (
    {{ union_feeds('ratings') }}
),

answers as (
    {{ union_feeds('survey_answers') }}
),

reasons as (
    select * from {{ ref('int_refund_reasons') }}
),

given as (
    select
        ratings.row_key as opinion_id,
        orders.customer_id,
        'rating' as source,
        case ratings.score when 'positive' then 'satisfied' when 'negative' then 'dissatisfied' end as opinion,
        {{ date_of('ratings.rated_at') }} as given_date
    from ratings
    inner join {{ ref('int_orders') }} as orders
        on ratings.source_id = orders.source_id and ratings.order_id = orders.order_id
    where not coalesce(ratings.is_default, false)
    union all
    select
        answers.row_key,
        people.customer_id,
        'survey',
        case
            when answers.nps_score <= 6 or answers.stars <= 2 then 'dissatisfied'
            when answers.nps_score >= 9 or answers.stars >= 4 then 'satisfied'
        end,
        {{ date_of('answers.answered_at') }}
    from answers
    inner join {{ ref('int_order_customers') }} as people on answers.record_id = people.record_id
    union all
    select
        refunds.source_id || '|' || refunds.refund_id,
        refunds.customer_id,
        'refund',
        'dissatisfied',
        refunds.refunded_date
    from reasons
    inner join {{ ref('int_refunds') }} as refunds
        on reasons.source_id = refunds.source_id and reasons.refund_id = refunds.refund_id
    where reasons.reason_class = 'quality'
)

select
    opinion_id,
    customer_id,
    source,
    opinion as kind,
    given_date as from_date,
    case opinion
        when 'satisfied' then {{ days_after('given_date', var('satisfied_days') + 1) }}
        else {{ days_after('given_date', var('dissatisfied_days') + 1) }}
    end as to_date
from given
where customer_id is not null and opinion is not null and given_date <= {{ night() }}
