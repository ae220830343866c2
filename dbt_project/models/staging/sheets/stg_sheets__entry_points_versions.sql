{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('sheets__entry_points') }}",
    post_hook="{{ touch_new_loads('sheets__entry_points') }}"
) }}

{{ versions('sheets__entry_points') }}
