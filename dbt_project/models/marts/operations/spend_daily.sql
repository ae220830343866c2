{# Spend for a shop belongs to its brand; entries dated after the night are left out. #}
with spent as (
    select
        spend.spent_on as spent_date,
        spend.shop_id,
        coalesce(spend.brand_id, shops.brand_id) as brand_id,
        spend.channel,
        spend.kind,
        spend.campaign_id,
        spend.creator_id,
        spend.content_key,
        spend.amount_fen,
        spend.impressions,
        spend.clicks
    from {{ ref('int_spend') }} as spend
    left join {{ ref('shops') }} as shops on spend.shop_id = shops.shop_id
    where spend.spent_on <= {{ night() }}
),

{% set grain = ['spent_date', 'shop_id', 'brand_id', 'channel', 'kind', 'campaign_id', 'creator_id', 'content_key'] %}
days as (
    select
        {{ grain | join(', ') }},
        cast(sum(amount_fen) as bigint) as amount_fen,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        count(*) as entries
    from spent
    group by {{ grain | join(', ') }}
)

select
    {{ dbt.hash(
        "cast(spent_date as " ~ dbt.type_string() ~ ") || '|' || coalesce(shop_id, '') || '|' || coalesce(brand_id, '')"
        ~ " || '|' || channel || '|' || kind || '|' || coalesce(campaign_id, '') || '|' || coalesce(creator_id, '')"
        ~ " || '|' || coalesce(content_key, '')"
    ) }} as spend_id,
    {{ grain | join(',\n    ') }},
    amount_fen,
    impressions,
    clicks,
    entries
from days
