{{ config(materialized='view') }}

{{ union_feeds('orders') }}
