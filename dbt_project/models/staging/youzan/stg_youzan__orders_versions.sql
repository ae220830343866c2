{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('youzan__orders') }}",
    post_hook="{{ touch_new_loads('youzan__orders') }}"
) }}

{{ versions('youzan__orders') }}
