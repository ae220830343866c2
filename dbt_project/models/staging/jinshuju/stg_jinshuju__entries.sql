{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('jinshuju__entries') }}"
) }}

with winners as (
    {{ winners('jinshuju__entries', ref('stg_jinshuju__entries_versions')) }}
),

renamed as (
    select
        row_key,
        source_id,
        row_key as record_id,
        nps,
        stars,
        created_at
    from winners
)

select * from renamed
