{#
    Incremental staging tables, as two models per export. `stg_…_versions` keeps every accepted row of every
    effective load; a model that reads it through `latest_rows` keeps the newest version of each key.
    `run.new_loads` and `run.gone_loads` list tonight's changes; `run.marked_keys` collects the keys to recompute.
    A full build starts empty, so the hooks have nothing to delete.
#}

{# A complete `stg_…_versions` model. #}
{% macro versions(slug) %}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    meta={'made_anew': {'run.new_loads': ['load_id']}},
    pre_hook="{{ forget_changed_loads('" ~ slug ~ "') }}",
    post_hook="{{ mark_new_keys('" ~ slug ~ "') }}"
) }}
select
    {% for column in export_key(slug) %}
    coalesce(cast({{ column }} as {{ dbt.type_string() }}), '') || '|' ||
    {% endfor %}
    source_id as row_key,
    load_id,
    row_number,
    source_id,
    exported_at,
    contract_version,
    {{ export_columns(slug) | join(',\n    ') }}
from {{ source(slug.split('__')[0], slug) }}
{% endmacro %}

{#
    The newest version of each key, by the time of the export, not of its arrival. Makes the calling model
    incremental.
#}
{% macro latest_rows(slug) %}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    meta={'made_anew': {'run.marked_keys': ['row_key']}},
    pre_hook="{{ forget_marked_keys('" ~ slug ~ "') }}"
) }}
select *
from (
    select
        *,
        row_number() over (partition by row_key order by {{ newest_first() }}) as age
    from {{ ref('stg_' ~ slug ~ '_versions') }}
    {% if is_incremental() %}
    where row_key in (select row_key from run.marked_keys where slug = '{{ slug }}')
    {% endif %}
) as ranked
where age = 1
{% endmacro %}

{% macro newest_first() %}exported_at desc, contract_version desc, load_id desc, row_number desc{% endmacro %}

{# Pre-hook: mark the keys of the rows to delete, then delete these rows. #}
{% macro forget_changed_loads(slug) %}
{% if is_incremental() %}
insert into run.marked_keys
select distinct '{{ slug }}', row_key
from {{ this }}
where load_id in (select load_id from run.new_loads union all select load_id from run.gone_loads);
delete from {{ this }}
where load_id in (select load_id from run.new_loads union all select load_id from run.gone_loads)
{% endif %}
{% endmacro %}

{# Post-hook: mark the keys of the new rows. #}
{% macro mark_new_keys(slug) %}
{% if is_incremental() %}
insert into run.marked_keys
select distinct '{{ slug }}', row_key
from {{ this }}
where load_id in (select load_id from run.new_loads)
{% endif %}
{% endmacro %}

{% macro forget_marked_keys(slug) %}
{% if is_incremental() %}
delete from {{ this }}
where row_key in (select row_key from run.marked_keys where slug = '{{ slug }}')
{% endif %}
{% endmacro %}
