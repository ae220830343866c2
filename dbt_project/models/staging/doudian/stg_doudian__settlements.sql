{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('doudian__settlements') }}"
) }}

with winners as (
    {{ winners('doudian__settlements', ref('stg_doudian__settlements_versions')) }}
),

renamed as (
    select
        row_key,
        source_id,
        order_id,
        line_id,
        kind,
        settled_fen,
        paid_fen,
        refunded_before_fen,
        commission_fen,
        service_fen,
        settled_at
    from winners
)

select * from renamed
