{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('sheets__bundles') }}",
    post_hook="{{ touch_new_loads('sheets__bundles') }}"
) }}

{{ versions('sheets__bundles') }}
