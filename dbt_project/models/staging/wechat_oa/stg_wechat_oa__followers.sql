{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('wechat_oa__followers') }}"
) }}

with winners as (
    {{ winners('wechat_oa__followers', ref('stg_wechat_oa__followers_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        openid_hmac,
        unionid_hmac,

        ---------- text
        scene,

        ---------- timestamps
        followed_at,
        exported_at as last_listed_at
    from winners
)

select * from renamed
