{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('wechat_oa__user_summary') }}",
    post_hook="{{ touch_new_loads('wechat_oa__user_summary') }}"
) }}

{{ versions('wechat_oa__user_summary') }}
