with latest as (
    {{ latest_rows('wechat_oa__followers') }}
)

select
    ---------- ids
    row_key,
    source_id,
    openid_hmac,
    unionid_hmac,

    ---------- text
    scene,

    ---------- timestamps
    followed_at,
    exported_at as last_listed_at
from latest
