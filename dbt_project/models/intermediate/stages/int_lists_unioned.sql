{{ config(materialized='view') }}

{{ union_feeds('lists') }}
