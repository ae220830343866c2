select
    creator_id,
    creator_name,
    type as creator_type,
    douyin_id,
    channels_id,
    xiaohongshu_id,
    taobao_id,
    slot_fee_fen,
    commission_rate,
    guaranteed_roi
from {{ ref('int_creators') }}
