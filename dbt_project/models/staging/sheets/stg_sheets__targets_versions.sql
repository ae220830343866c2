{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('sheets__targets') }}",
    post_hook="{{ touch_new_loads('sheets__targets') }}"
) }}

{{ versions('sheets__targets') }}
