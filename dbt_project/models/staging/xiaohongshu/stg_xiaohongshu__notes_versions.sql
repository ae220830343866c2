{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_loads('xiaohongshu__notes') }}",
    post_hook="{{ touch_new_loads('xiaohongshu__notes') }}"
) }}

{{ versions('xiaohongshu__notes') }}
