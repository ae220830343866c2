{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('alipay__bill') }}",
    post_hook="{{ touch_new_loads('alipay__bill') }}"
) }}

{{ versions('alipay__bill') }}
