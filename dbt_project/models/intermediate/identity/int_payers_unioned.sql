{{ config(materialized='view') }}

{{ union_feeds('payers') }}
