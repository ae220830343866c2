select distinct
    source_id,
    exported_at as listed_at
from {{ ref('stg_wecom__external_contacts_versions') }}
