{{ config(materialized='view') }}

{{ union_feeds('order_states') }}
