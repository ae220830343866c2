{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{% macro feeds(entity) %}
{% set known = {
    'contacts': ['stg_wecom__external_contacts'],
    'follows': ['stg_wechat_oa__followers'],
    'identifiers': ['stg_wechat_oa__identifiers', 'stg_wecom__identifiers', 'stg_youzan__identifiers'],
    'lists': ['stg_wechat_oa__follower_lists', 'stg_wecom__contact_lists'],
    'order_states': ['stg_youzan__order_states'],
    'orders': ['stg_youzan__orders'],
    'payers': ['stg_wechat_pay__payers'],
    'payments': ['stg_wechat_pay__trades'],
    'refunds': ['stg_youzan__refunds'],
} %}
{{ return(known.get(entity, [])) }}
{% endmacro %}

{% macro export_columns(slug) %}
{% set known = {
    'wechat_oa__followers': ['openid_hmac', 'unionid_hmac', 'followed_at', 'scene', 'qr_scene'],
    'wechat_pay__bill': ['transaction_id', 'wechat_refund_id', 'order_id', 'traded_at', 'state', 'app_id', 'openid_hmac', 'settled_fen', 'refunded_fen'],
    'wecom__external_contacts': ['external_userid_hmac', 'unionid_hmac', 'phone_hmac', 'staff_id', 'added_at', 'add_way', 'state'],
    'youzan__orders': ['order_id', 'status', 'created_at', 'paid_at', 'finished_at', 'transaction_id', 'payment_method', 'sales_channel', 'goods_fen', 'freight_fen', 'discount_fen', 'paid_fen', 'refunded_fen', 'commission_fen', 'phone_hmac'],
    'youzan__refunds': ['refund_id', 'order_id', 'status', 'kind', 'requested_fen', 'paid_back_fen', 'created_at', 'refunded_at', 'modified_at'],
} %}
{{ return(known.get(slug, [])) }}
{% endmacro %}

{% macro export_key(slug) %}
{% set known = {
    'wechat_oa__followers': ['openid_hmac', 'followed_at'],
    'wechat_pay__bill': ['transaction_id', 'wechat_refund_id'],
    'wecom__external_contacts': ['external_userid_hmac', 'staff_id', 'added_at'],
    'youzan__orders': ['order_id'],
    'youzan__refunds': ['refund_id'],
} %}
{{ return(known.get(slug, [])) }}
{% endmacro %}
