{# Who paid, by the payment's number: the shop's order names the same number. #}
select
    load_id,
    transaction_id,
    'openid' as namespace,
    app_id as issuer,
    openid_hmac as identifier
from {{ ref('stg_wechat_pay__bill_versions') }}
where openid_hmac is not null
