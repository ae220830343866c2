{# From all versions, so that a phone the platform masks later stays known. #}
select distinct
    load_id,
    source_id || '|' || order_id as record_id,
    'phone' as namespace,
    '' as issuer,
    phone_hmac as identifier
from {{ ref('stg_youzan__orders_versions') }}
where phone_hmac is not null
