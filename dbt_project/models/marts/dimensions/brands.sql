with stated as (
    select * from {{ ref('int_brands') }}
),

configured as (
    select * from {{ source('run', 'brands') }}
)

select
    coalesce(stated.brand_id, configured.brand_id) as brand_id,
    coalesce(stated.brand_name, configured.brand_name) as brand_name,
    stated.rules_profile
from configured
full join stated on configured.brand_id = stated.brand_id
