{# The payer by the number of the payment, which is also in the shop's order. #}
select distinct
    load_id,
    transaction_id,
    'openid' as namespace,
    app_id as issuer,
    openid_hmac as identifier
from {{ ref('stg_wechat_pay__bill_versions') }}
where openid_hmac is not null
