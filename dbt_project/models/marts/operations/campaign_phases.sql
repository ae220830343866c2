select
    {{ dbt.hash(
        "campaign_id || '|' || phase || '|' || cast(starts_at as " ~ dbt.type_string() ~ ")"
        ~ " || '|' || coalesce(shop_id, '')"
    ) }} as phase_id,
    campaign_id,
    phase,
    shop_id,
    starts_at,
    {{ date_of('starts_at') }} as starts_date,
    ends_at,
    {{ date_of('ends_at') }} as ends_date,
    final_due_at,
    {{ date_of('final_due_at') }} as final_due_date
from {{ ref('int_campaign_phases') }}
