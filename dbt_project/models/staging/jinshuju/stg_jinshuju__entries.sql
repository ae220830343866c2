with latest as (
    {{ latest_rows('jinshuju__entries') }}
)

select
    row_key,
    source_id,
    row_key as record_id,
    nps,
    stars,
    created_at
from latest
