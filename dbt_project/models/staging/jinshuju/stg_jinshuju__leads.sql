{# Entries have no result of a lead: it is open until its window ends. #}
select
    entries.row_key,
    entries.source_id,
    entries.record_id,
    'form' as entry,
    entries.created_at
from {{ ref('stg_jinshuju__entries') }} as entries
inner join {{ source('run', 'sources') }} as sources on entries.source_id = sources.source_id
where sources.form_kind = 'lead'
