{# From all versions, so that a phone masked later stays known. #}
select distinct
    load_id,
    source_id || '|' || order_id || '|seller' as record_id,
    'phone' as namespace,
    '' as issuer,
    seller_hmac as identifier
from {{ ref('stg_youzan__salesman_trades_versions') }}
where seller_hmac is not null
