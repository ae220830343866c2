{# From all versions, so that a phone masked later stays known. #}
select distinct
    load_id,
    row_key as record_id,
    'phone' as namespace,
    '' as issuer,
    phone_hmac as identifier
from {{ ref('stg_ocean_engine__clues_versions') }}
where phone_hmac is not null
