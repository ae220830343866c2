{{ config(materialized='view') }}

{{ union_feeds('contacts') }}
