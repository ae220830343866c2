{{ config(materialized='view') }}

{{ union_feeds('refund_reasons') }}
