{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('jd__orders') }}",
    post_hook="{{ touch_new_loads('jd__orders') }}"
) }}

{{ versions('jd__orders') }}
