with versions as (
    select
        versions.*,
        sources.corp_id,
        sources.open_platform
    from {{ ref('stg_wecom__external_contacts_versions') }} as versions
    left join {{ source('run', 'sources') }} as sources on versions.source_id = sources.source_id
)

select
    load_id,
    row_key as record_id,
    'external_userid' as namespace,
    corp_id as issuer,
    external_userid_hmac as identifier
from versions
union
select load_id, row_key, 'unionid', open_platform, unionid_hmac
from versions
where unionid_hmac is not null
union
select load_id, row_key, 'phone', '', phone_hmac
from versions
where phone_hmac is not null
