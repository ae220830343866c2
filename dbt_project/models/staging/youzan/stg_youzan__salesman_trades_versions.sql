{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('youzan__salesman_trades') }}",
    post_hook="{{ touch_new_loads('youzan__salesman_trades') }}"
) }}

{{ versions('youzan__salesman_trades') }}
