{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('wechat_oa__followers') }}",
    post_hook="{{ touch_new_loads('wechat_oa__followers') }}"
) }}

{{ versions('wechat_oa__followers') }}
