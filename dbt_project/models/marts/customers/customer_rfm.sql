{#
    The limits of recency and frequency are fixed, so that no score depends on other customers; equal amounts get
    equal scores, which equal-sized quintiles would not give.
#}
with buyers as (
    select
        customer_id,
        currency,
        last_retained_date,
        occasions,
        net_fen,
        cast({{ dbt.datediff('last_retained_date', night(), 'day') }} as bigint) as recency_days,
        rank() over (partition by currency order by net_fen) - 1 as poorer,
        count(*) over (partition by currency) as everybody
    from {{ ref('customers') }}
    where customer_type = 'consumer' and occasions > 0
),

scored as (
    select
        *,
        case
            when recency_days <= 30 then 5
            when recency_days <= {{ var('active_days') }} then 4
            when recency_days <= {{ var('risk_days') }} then 3
            when recency_days <= 365 then 2
            else 1
        end as recency_score,
        case when occasions >= 6 then 5 when occasions >= 4 then 4 else occasions end as frequency_score,
        1 + {{ whole_quotient('(poorer * 5)', 'everybody') }} as monetary_score
    from buyers
)

select
    scored.customer_id,
    scored.last_retained_date,
    scored.recency_days,
    scored.occasions,
    scored.currency,
    scored.net_fen,
    cast(scored.recency_score as bigint) as recency_score,
    cast(scored.frequency_score as bigint) as frequency_score,
    cast(scored.monetary_score as bigint) as monetary_score,
    cast(scored.recency_score as {{ dbt.type_string() }}) || cast(scored.frequency_score as {{ dbt.type_string() }})
    || cast(scored.monetary_score as {{ dbt.type_string() }}) as rfm_code,
    segments.segment_zh,
    segments.segment_en
from scored
inner join {{ ref('rfm_segments') }} as segments
    on
        scored.recency_score = segments.recency_score
        and scored.frequency_score = segments.frequency_score
