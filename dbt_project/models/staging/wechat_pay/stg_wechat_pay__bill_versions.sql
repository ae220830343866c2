{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('wechat_pay__bill') }}",
    post_hook="{{ touch_new_loads('wechat_pay__bill') }}"
) }}

{{ versions('wechat_pay__bill') }}
