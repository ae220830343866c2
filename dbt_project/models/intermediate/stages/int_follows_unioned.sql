{{ config(materialized='view') }}

{{ union_feeds('follows') }}
