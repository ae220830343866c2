{{ config(materialized='view') }}

{{ union_feeds('identifiers') }}
