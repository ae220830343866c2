{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('sheets__spend') }}",
    post_hook="{{ touch_new_loads('sheets__spend') }}"
) }}

{{ versions('sheets__spend') }}
