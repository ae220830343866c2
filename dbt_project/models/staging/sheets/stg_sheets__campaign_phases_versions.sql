{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('sheets__campaign_phases') }}",
    post_hook="{{ touch_new_loads('sheets__campaign_phases') }}"
) }}

{{ versions('sheets__campaign_phases') }}
