{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('wecom__external_contacts') }}",
    post_hook="{{ touch_new_loads('wecom__external_contacts') }}"
) }}

{{ versions('wecom__external_contacts') }}
