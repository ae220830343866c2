{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('wecom__external_contacts') }}"
) }}

with winners as (
    {{ winners('wecom__external_contacts', ref('stg_wecom__external_contacts_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        external_userid_hmac,
        unionid_hmac,
        phone_hmac,
        staff_id,

        ---------- text
        add_way,
        state,

        ---------- timestamps
        added_at,
        exported_at as last_listed_at
    from winners
)

select * from renamed
