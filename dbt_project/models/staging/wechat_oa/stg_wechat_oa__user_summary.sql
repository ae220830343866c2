{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('wechat_oa__user_summary') }}"
) }}

with winners as (
    {{ winners('wechat_oa__user_summary', ref('stg_wechat_oa__user_summary_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,

        ---------- text
        user_source as entry,

        ---------- numerics
        new_followers,
        lost_followers,
        cast(null as bigint) as followers,

        ---------- dates
        stat_date
    from winners
)

select * from renamed
