{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('ocean_engine__clues') }}",
    post_hook="{{ touch_new_loads('ocean_engine__clues') }}"
) }}

{{ versions('ocean_engine__clues') }}
