{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('wechat_oa__article_totals') }}",
    post_hook="{{ touch_new_loads('wechat_oa__article_totals') }}"
) }}

{{ versions('wechat_oa__article_totals') }}
