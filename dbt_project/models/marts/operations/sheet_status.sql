select
    names.sheet,
    names.label_zh,
    names.label_en,
    status.stated_at is not null as is_present,
    status.stated_at,
    {{ date_of('status.stated_at') }} as stated_date,
    status.covered_through,
    case when status.stated_at is null then names.consequence_zh end as consequence_zh,
    case when status.stated_at is null then names.consequence_en end as consequence_en
from {{ ref('sheet_names') }} as names
left join {{ ref('int_sheet_status') }} as status on names.sheet = status.sheet
