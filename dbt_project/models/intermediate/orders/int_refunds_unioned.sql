{{ config(materialized='view') }}

{{ union_feeds('refunds') }}
