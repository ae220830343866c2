with phases as (
    select
        campaign_id,
        min(starts_at) as starts_at,
        max(ends_at) as ends_at
    from {{ ref('int_campaign_phases') }}
    group by campaign_id
)

select
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.kind,
    campaigns.brand_id,
    campaigns.budget_fen,
    phases.starts_at,
    {{ date_of('phases.starts_at') }} as starts_date,
    phases.ends_at,
    {{ date_of('phases.ends_at') }} as ends_date
from {{ ref('int_campaigns') }} as campaigns
left join phases on campaigns.campaign_id = phases.campaign_id
