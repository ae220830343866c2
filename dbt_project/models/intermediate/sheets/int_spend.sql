{# Entries have no key of their own, so those of two sources are all there. #}
{{ newest_sheets('spend', ['source_id', 'spent_on', 'entry_number'], {
    'spent_on': 'date', 'channel': dbt.type_string(), 'kind': dbt.type_string(),
    'amount_fen': 'bigint', 'shop_id': dbt.type_string(), 'brand_id': dbt.type_string(),
    'campaign_id': dbt.type_string(), 'creator_id': dbt.type_string(),
    'content_key': dbt.type_string(), 'impressions': 'bigint', 'clicks': 'bigint',
    'entry_number': 'bigint'
}) }}
