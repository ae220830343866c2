{#
    The gain of a day is the difference of two lifetime figures one day apart, or the first figure itself on the
    day of publication. Over a longer gap the gain cannot be split by day.
#}
with preceded as (
    select
        *,
        {% for measure in content_measures() %}
        lag({{ measure }}) over (partition by content_id order by stat_date) as {{ measure }}_before,
        {% endfor %}
        lag(stat_date) over (partition by content_id order by stat_date) as date_before
    from {{ ref('int_content_totals') }}
),

spanned as (
    select
        *,
        case
            when date_before is not null then {{ dbt.datediff('date_before', 'stat_date', 'day') }}
            when published_date is not null then {{ dbt.datediff('published_date', 'stat_date', 'day') }} + 1
        end as covered_days
    from preceded
)

select
    content_id,
    source_id,
    stat_date,
    {% for measure in content_measures() %}
    case
        when covered_days = 1 and date_before is null then {{ measure }}
        when covered_days = 1 then {{ measure }} - {{ measure }}_before
    end as {{ measure }},
    {{ measure }} as {{ measure }}_total,
    {% endfor %}
    cast(covered_days as bigint) as covered_days,
    coalesce(covered_days = 1, false) as is_one_day
from spanned
