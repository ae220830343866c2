{{ config(materialized='view') }}

{{ union_feeds('refund_reasons', {
    'source_id': dbt.type_string(), 'refund_id': dbt.type_string(), 'reason_class': dbt.type_string()
}) }}
