{# From all versions, so that a name the platform masks later stays known. #}
select
    versions.load_id,
    versions.source_id || '|' || versions.order_id as record_id,
    'buyer' as namespace,
    sources.shop_account as issuer,
    versions.buyer_hmac as identifier
from {{ ref('stg_taobao__orders_versions') }} as versions
inner join {{ source('run', 'sources') }} as sources on versions.source_id = sources.source_id
where versions.buyer_hmac is not null
