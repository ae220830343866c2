{# No answer says what became of a lead: it is open until its time has passed. #}
select
    entries.row_key,
    entries.source_id,
    entries.record_id,
    'form' as entry,
    cast(null as {{ dbt.type_string() }}) as end_reason,
    entries.created_at,
    cast(null as timestamp) as ended_at
from {{ ref('stg_jinshuju__entries') }} as entries
inner join {{ source('run', 'sources') }} as sources on entries.source_id = sources.source_id
where sources.form_kind = 'lead'
