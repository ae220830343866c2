{{ config(materialized='view') }}

{{ union_feeds('content_totals') }}
