select
    entries.row_key,
    entries.record_id,
    entries.nps as nps_score,
    entries.stars,
    entries.created_at as answered_at
from {{ ref('stg_jinshuju__entries') }} as entries
inner join {{ source('run', 'sources') }} as sources on entries.source_id = sources.source_id
where sources.form_kind = 'survey'
