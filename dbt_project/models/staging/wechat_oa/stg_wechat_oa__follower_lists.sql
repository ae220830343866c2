select distinct
    source_id,
    exported_at as listed_at
from {{ ref('stg_wechat_oa__followers_versions') }}
