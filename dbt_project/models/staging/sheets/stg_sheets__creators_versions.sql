{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('sheets__creators') }}",
    post_hook="{{ touch_new_loads('sheets__creators') }}"
) }}

{{ versions('sheets__creators') }}
