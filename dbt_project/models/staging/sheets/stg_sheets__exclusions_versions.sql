{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('sheets__exclusions') }}",
    post_hook="{{ touch_new_loads('sheets__exclusions') }}"
) }}

{{ versions('sheets__exclusions') }}
