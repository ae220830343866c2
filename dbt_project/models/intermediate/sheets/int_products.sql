{# A row is valid until the next one of its product begins, whatever its own end, so that no day has two costs. #}
with sheets as (
    {{ newest_sheets('products', ['product_id', 'valid_from']) }}
),

stated as (
    select *, coalesce(valid_from, cast('1970-01-01' as date)) as begins_on
    from sheets
),

followed as (
    select
        *,
        lead(begins_on) over (
            partition by product_id order by begins_on, case when valid_from is null then 0 else 1 end
        ) as next_from
    from stated
)

select
    product_id,
    product_name,
    role,
    category,
    cost_fen,
    days_of_supply,
    valid_from,
    case
        when next_from is null or valid_to < next_from then valid_to
        else {{ days_after('next_from', -1) }}
    end as valid_to,
    source_id,
    stated_at
from followed
where next_from is null or next_from > begins_on
