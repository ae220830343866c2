{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('doudian__orders') }}",
    post_hook="{{ touch_new_loads('doudian__orders') }}"
) }}

{{ versions('doudian__orders') }}
