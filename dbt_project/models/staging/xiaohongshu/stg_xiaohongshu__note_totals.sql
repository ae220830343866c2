{# An export made in the morning is for the day before; of one day the newest export is kept. #}
with versions as (
    select
        *,
        {{ days_after(date_of('exported_at'), -1) }} as stat_date
    from {{ ref('stg_xiaohongshu__notes_versions') }}
),

ranked as (
    select
        *,
        row_number() over (partition by row_key, stat_date order by {{ newest_first() }}) as age
    from versions
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        title || '|' || cast(published_at as {{ dbt.type_string() }}) as content_key,

        ---------- text
        title,
        genre as kind,

        ---------- numerics
        exposures,
        views,
        likes,
        comments,
        shares,
        saves,
        followers_gained,

        ---------- dates
        stat_date,

        ---------- timestamps
        published_at,
        exported_at
    from ranked
    where age = 1
)

select * from renamed
