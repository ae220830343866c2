select
    shops.shop_id,
    shops.shop_name,
    min(sources.brand_id) as brand_id,
    min(sources.platform) as platform
from {{ source('run', 'shops') }} as shops
left join {{ source('run', 'sources') }} as sources on shops.shop_id = sources.shop_id
group by shops.shop_id, shops.shop_name
