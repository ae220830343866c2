{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('taobao__trade_ratings') }}"
) }}

with winners as (
    {{ winners('taobao__trade_ratings', ref('stg_taobao__trade_ratings_versions')) }}
),

renamed as (
    select
        row_key,
        source_id,
        order_id,
        rated_at,
        score,
        is_default = 'yes' as is_default
    from winners
)

select * from renamed
