{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('jd__orders') }}"
) }}

with winners as (
    {{ winners('jd__orders', ref('stg_jd__orders_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        order_id,
        line_number,
        coalesce(product_code, item_id) as product_id,

        ---------- text
        product_name,
        status,

        ---------- numerics
        quantity,
        coalesce(price_fen, 0) * quantity as list_fen,
        settled_fen,
        coalesce(freight_fen, 0) as freight_fen,

        ---------- timestamps
        created_at,
        paid_at,
        finished_at,
        exported_at
    from winners
)

select * from renamed
