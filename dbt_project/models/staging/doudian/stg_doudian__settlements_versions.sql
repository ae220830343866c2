{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('doudian__settlements') }}",
    post_hook="{{ touch_new_loads('doudian__settlements') }}"
) }}

{{ versions('doudian__settlements') }}
