with versions as (
    select
        versions.*,
        sources.app_id,
        sources.open_platform
    from {{ ref('stg_wechat_oa__followers_versions') }} as versions
    left join {{ source('run', 'sources') }} as sources on versions.source_id = sources.source_id
)

select
    load_id,
    row_key as record_id,
    'openid' as namespace,
    app_id as issuer,
    openid_hmac as identifier
from versions
union
select load_id, row_key, 'unionid', open_platform, unionid_hmac
from versions
where unionid_hmac is not null
