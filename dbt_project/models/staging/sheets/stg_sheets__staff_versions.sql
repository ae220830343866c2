{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('sheets__staff') }}",
    post_hook="{{ touch_new_loads('sheets__staff') }}"
) }}

{{ versions('sheets__staff') }}
