{{ config(materialized='view') }}

{{ union_feeds('payments') }}
