{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('jinshuju__entries') }}",
    post_hook="{{ touch_new_loads('jinshuju__entries') }}"
) }}

{{ versions('jinshuju__entries') }}
