{{ config(materialized='view') }}

{{ union_feeds('lists', {'source_id': dbt.type_string(), 'listed_at': 'timestamp'}) }}
