{{ newest_sheets('creators', ['creator_id'], {
    'creator_id': dbt.type_string(), 'creator_name': dbt.type_string(),
    'type': dbt.type_string(), 'douyin_id': dbt.type_string(),
    'channels_id': dbt.type_string(), 'xiaohongshu_id': dbt.type_string(),
    'taobao_id': dbt.type_string(), 'slot_fee_fen': 'bigint',
    'commission_rate': 'decimal(9, 6)', 'guaranteed_roi': 'decimal(18, 6)'
}) }}
