with latest as (
    {{ latest_rows('wecom__external_contacts') }}
)

select
    ---------- ids
    row_key,
    source_id,
    external_userid_hmac,
    unionid_hmac,
    phone_hmac,
    staff_id,

    ---------- text
    add_way,
    state,

    ---------- timestamps
    added_at,
    exported_at as last_listed_at
from latest
