{# The required shops are those of sources.toml; the sheet adds shops and details. #}
with stated as (
    select * from {{ ref('int_shops') }}
),

configured as (
    select
        shops.shop_id,
        shops.shop_name,
        min(sources.brand_id) as brand_id,
        min(sources.platform) as platform
    from {{ source('run', 'shops') }} as shops
    left join {{ source('run', 'sources') }} as sources on shops.shop_id = sources.shop_id
    group by shops.shop_id, shops.shop_name
)

select
    coalesce(stated.shop_id, configured.shop_id) as shop_id,
    coalesce(stated.shop_name, configured.shop_name) as shop_name,
    coalesce(stated.brand_id, configured.brand_id) as brand_id,
    coalesce(stated.platform, configured.platform) as platform,
    stated.legal_entity,
    coalesce(stated.is_active, 'yes') = 'yes' as is_active
from configured
full join stated on configured.shop_id = stated.shop_id
