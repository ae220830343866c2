{# Deliveries are no exposures: how often an article was shown, the platform does not say. #}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('wechat_oa__article_totals') }}"
) }}

with winners as (
    {{ winners('wechat_oa__article_totals', ref('stg_wechat_oa__article_totals_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        msgid as content_key,

        ---------- text
        title,
        'article' as kind,

        ---------- numerics
        cast(null as bigint) as exposures,
        read_count as views,
        cast(null as bigint) as likes,
        cast(null as bigint) as comments,
        share_count as shares,
        favourite_count as saves,
        cast(null as bigint) as followers_gained,

        ---------- dates
        stat_date,

        ---------- timestamps
        cast(published_date as timestamp) as published_at,
        exported_at
    from winners
)

select * from renamed
