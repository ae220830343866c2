{{ config(materialized='view') }}

{{ union_feeds('leads') }}
