{{ union_feeds('exclusions', {
    'exclusion_kind': dbt.type_string(), 'namespace': dbt.type_string(), 'identifier': dbt.type_string(),
    'order_id': dbt.type_string()
}) }}
