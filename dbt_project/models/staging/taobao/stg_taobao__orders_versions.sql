{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('taobao__orders') }}",
    post_hook="{{ touch_new_loads('taobao__orders') }}"
) }}

{{ versions('taobao__orders') }}
