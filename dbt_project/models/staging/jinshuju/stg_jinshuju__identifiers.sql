{# From all versions, so that a phone removed later stays known. #}
select distinct
    load_id,
    row_key as record_id,
    'phone' as namespace,
    '' as issuer,
    phone_hmac as identifier
from {{ ref('stg_jinshuju__entries_versions') }}
where phone_hmac is not null
