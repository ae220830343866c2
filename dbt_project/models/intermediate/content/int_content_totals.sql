{#
    A list made in the morning may contain content published that morning, which did not exist yet on the day the
    list is for; its first day is then counted from publication.
#}
with totals as (
    select * from {{ ref('int_content_totals_unioned') }}
)

select
    {{ dbt.hash("source_id || '|' || content_key") }} as content_id,
    source_id,
    title,
    kind,
    published_at,
    {{ date_of('published_at') }} as published_date,
    stat_date,
    {{ content_measures() | join(',\n    ') }}
from totals
where
    stat_date <= {{ night() }}
    and (published_at is null or {{ date_of('published_at') }} <= stat_date)
