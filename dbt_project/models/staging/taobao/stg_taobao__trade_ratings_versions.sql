{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('taobao__trade_ratings') }}",
    post_hook="{{ touch_new_loads('taobao__trade_ratings') }}"
) }}

{{ versions('taobao__trade_ratings') }}
