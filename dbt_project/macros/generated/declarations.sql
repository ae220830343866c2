{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{% macro feeds(entity) %}
{% set known = {
    'audience_days': ['stg_wechat_oa__user_summary'],
    'brands': ['stg_sheets__brands_versions'],
    'bundles': ['stg_sheets__bundles_versions'],
    'campaign_phases': ['stg_sheets__campaign_phases_versions'],
    'campaigns': ['stg_sheets__campaigns_versions'],
    'contacts': ['stg_wecom__external_contacts'],
    'content_totals': ['stg_wechat_oa__article_totals', 'stg_xiaohongshu__note_totals'],
    'creators': ['stg_sheets__creators_versions'],
    'entry_points': ['stg_sheets__entry_points_versions'],
    'exclusions': ['stg_sheets__exclusions_versions'],
    'follows': ['stg_wechat_oa__followers'],
    'identifiers': ['stg_ocean_engine__identifiers', 'stg_wechat_oa__identifiers', 'stg_wecom__identifiers', 'stg_youzan__identifiers'],
    'leads': ['stg_ocean_engine__clues'],
    'lists': ['stg_wechat_oa__follower_lists', 'stg_wecom__contact_lists'],
    'order_states': ['stg_youzan__order_states'],
    'orders': ['stg_youzan__orders'],
    'payers': ['stg_wechat_pay__payers'],
    'payments': ['stg_alipay__trades', 'stg_wechat_pay__trades'],
    'products': ['stg_sheets__products_versions'],
    'refunds': ['stg_youzan__refunds'],
    'shops': ['stg_sheets__shops_versions'],
    'spend': ['stg_sheets__spend_versions'],
    'staff': ['stg_sheets__staff_versions'],
    'targets': ['stg_sheets__targets_versions'],
} %}
{{ return(known.get(entity, [])) }}
{% endmacro %}

{% macro export_columns(slug) %}
{% set known = {
    'alipay__bill': ['transaction_id', 'refund_request_id', 'order_id', 'traded_at', 'state', 'received_fen', 'fee_fen'],
    'alipay__bill_summary': ['store_id', 'store_name', 'payments', 'refunds', 'received_fen'],
    'alipay__personal_bill': ['transaction_id', 'merchant_order_id', 'traded_at', 'category', 'direction', 'amount_fen', 'state'],
    'ocean_engine__clues': ['clue_id', 'advertiser_id', 'promotion_id', 'component', 'origin', 'state', 'created_at', 'phone_hmac', 'app_name'],
    'sheets__shops': ['shop_id', 'shop_name', 'platform', 'brand_id', 'legal_entity', 'is_active'],
    'sheets__brands': ['brand_id', 'brand_name', 'rules_profile'],
    'sheets__targets': ['target_month', 'shop_id', 'metric', 'target_fen', 'target_count'],
    'sheets__campaigns': ['campaign_id', 'campaign_name', 'kind', 'brand_id', 'budget_fen'],
    'sheets__campaign_phases': ['campaign_id', 'phase', 'starts_at', 'ends_at', 'final_due_at', 'shop_id'],
    'sheets__entry_points': ['state', 'kind', 'channel', 'campaign_id'],
    'sheets__exclusions': ['kind', 'phone_hmac', 'order_id', 'staff_id', 'reason'],
    'sheets__products': ['product_id', 'product_name', 'role', 'category', 'cost_fen', 'days_of_supply', 'valid_from', 'valid_to'],
    'sheets__bundles': ['bundle_id', 'product_id', 'quantity', 'list_price_fen'],
    'sheets__creators': ['creator_id', 'creator_name', 'type', 'douyin_id', 'channels_id', 'xiaohongshu_id', 'taobao_id', 'slot_fee_fen', 'commission_rate', 'guaranteed_roi'],
    'sheets__staff': ['staff_id', 'display_name', 'role', 'shop_id', 'is_active', 'phone_hmac'],
    'sheets__spend': ['spent_on', 'channel', 'kind', 'amount_fen', 'shop_id', 'brand_id', 'campaign_id', 'creator_id', 'content_key', 'impressions', 'clicks', 'entry_number'],
    'wechat_oa__followers': ['openid_hmac', 'unionid_hmac', 'followed_at', 'scene', 'qr_scene'],
    'wechat_oa__user_summary': ['stat_date', 'user_source', 'new_followers', 'lost_followers'],
    'wechat_oa__article_totals': ['msgid', 'title', 'published_date', 'stat_date', 'delivered_users', 'read_users', 'read_count', 'share_count', 'favourite_count'],
    'wechat_pay__bill': ['transaction_id', 'wechat_refund_id', 'order_id', 'traded_at', 'state', 'app_id', 'openid_hmac', 'settled_fen', 'refunded_fen'],
    'wechat_pay__personal_bill': ['transaction_id', 'merchant_order_id', 'traded_at', 'category', 'direction', 'amount_fen', 'state'],
    'wecom__external_contacts': ['external_userid_hmac', 'unionid_hmac', 'phone_hmac', 'staff_id', 'added_at', 'add_way', 'state'],
    'xiaohongshu__notes': ['title', 'published_at', 'genre', 'exposures', 'views', 'click_rate', 'likes', 'comments', 'saves', 'followers_gained', 'shares'],
    'youzan__orders': ['order_id', 'status', 'order_type', 'created_at', 'paid_at', 'finished_at', 'transaction_id', 'payment_method', 'sales_channel', 'goods_fen', 'freight_fen', 'discount_fen', 'paid_fen', 'refunded_fen', 'commission_fen', 'phone_hmac'],
    'youzan__refunds': ['refund_id', 'order_id', 'status', 'kind', 'requested_fen', 'paid_back_fen', 'created_at', 'refunded_at', 'modified_at'],
} %}
{{ return(known.get(slug, [])) }}
{% endmacro %}

{% macro export_key(slug) %}
{% set known = {
    'alipay__bill': ['transaction_id', 'refund_request_id'],
    'alipay__bill_summary': ['store_id'],
    'alipay__personal_bill': ['transaction_id', 'direction', 'traded_at'],
    'ocean_engine__clues': ['clue_id'],
    'sheets__shops': ['shop_id'],
    'sheets__brands': ['brand_id'],
    'sheets__targets': ['target_month', 'shop_id', 'metric'],
    'sheets__campaigns': ['campaign_id'],
    'sheets__campaign_phases': ['campaign_id', 'phase', 'starts_at', 'shop_id'],
    'sheets__entry_points': ['state'],
    'sheets__exclusions': ['kind', 'phone_hmac', 'order_id', 'staff_id'],
    'sheets__products': ['product_id', 'valid_from'],
    'sheets__bundles': ['bundle_id', 'product_id'],
    'sheets__creators': ['creator_id'],
    'sheets__staff': ['staff_id'],
    'sheets__spend': ['spent_on', 'entry_number'],
    'wechat_oa__followers': ['openid_hmac', 'followed_at'],
    'wechat_oa__user_summary': ['stat_date', 'user_source'],
    'wechat_oa__article_totals': ['msgid', 'stat_date'],
    'wechat_pay__bill': ['transaction_id', 'wechat_refund_id'],
    'wechat_pay__personal_bill': ['transaction_id', 'category', 'traded_at'],
    'wecom__external_contacts': ['external_userid_hmac', 'staff_id', 'added_at'],
    'xiaohongshu__notes': ['title', 'published_at'],
    'youzan__orders': ['order_id'],
    'youzan__refunds': ['refund_id'],
} %}
{{ return(known.get(slug, [])) }}
{% endmacro %}
