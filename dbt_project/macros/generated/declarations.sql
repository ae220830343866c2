{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{% macro feeds(entity) %}
{% set known = {
    'audience_days': ['stg_wechat_oa__user_summary'],
    'contacts': ['stg_wecom__external_contacts'],
    'content_totals': ['stg_wechat_oa__article_totals', 'stg_xiaohongshu__note_totals'],
    'follows': ['stg_wechat_oa__followers'],
    'identifiers': ['stg_ocean_engine__identifiers', 'stg_wechat_oa__identifiers', 'stg_wecom__identifiers', 'stg_youzan__identifiers'],
    'leads': ['stg_ocean_engine__clues'],
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
    'ocean_engine__clues': ['clue_id', 'advertiser_id', 'promotion_id', 'component', 'origin', 'state', 'created_at', 'phone_hmac', 'app_name'],
    'wechat_oa__followers': ['openid_hmac', 'unionid_hmac', 'followed_at', 'scene', 'qr_scene'],
    'wechat_oa__user_summary': ['stat_date', 'user_source', 'new_followers', 'lost_followers'],
    'wechat_oa__article_totals': ['msgid', 'title', 'published_date', 'stat_date', 'delivered_users', 'read_users', 'read_count', 'share_count', 'favourite_count'],
    'wechat_pay__bill': ['transaction_id', 'wechat_refund_id', 'order_id', 'traded_at', 'state', 'app_id', 'openid_hmac', 'settled_fen', 'refunded_fen'],
    'wecom__external_contacts': ['external_userid_hmac', 'unionid_hmac', 'phone_hmac', 'staff_id', 'added_at', 'add_way', 'state'],
    'xiaohongshu__notes': ['title', 'published_at', 'genre', 'exposures', 'views', 'click_rate', 'likes', 'comments', 'saves', 'followers_gained', 'shares'],
    'youzan__orders': ['order_id', 'status', 'created_at', 'paid_at', 'finished_at', 'transaction_id', 'payment_method', 'sales_channel', 'goods_fen', 'freight_fen', 'discount_fen', 'paid_fen', 'refunded_fen', 'commission_fen', 'phone_hmac'],
    'youzan__refunds': ['refund_id', 'order_id', 'status', 'kind', 'requested_fen', 'paid_back_fen', 'created_at', 'refunded_at', 'modified_at'],
} %}
{{ return(known.get(slug, [])) }}
{% endmacro %}

{% macro export_key(slug) %}
{% set known = {
    'ocean_engine__clues': ['clue_id'],
    'wechat_oa__followers': ['openid_hmac', 'followed_at'],
    'wechat_oa__user_summary': ['stat_date', 'user_source'],
    'wechat_oa__article_totals': ['msgid', 'stat_date'],
    'wechat_pay__bill': ['transaction_id', 'wechat_refund_id'],
    'wecom__external_contacts': ['external_userid_hmac', 'staff_id', 'added_at'],
    'xiaohongshu__notes': ['title', 'published_at'],
    'youzan__orders': ['order_id'],
    'youzan__refunds': ['refund_id'],
} %}
{{ return(known.get(slug, [])) }}
{% endmacro %}
