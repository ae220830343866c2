{#
    The increment of a staging table, in two models per export.

    `stg_…_versions` keeps every accepted row of every effective load; `stg_…` keeps the newest of each key.
    `run.new_loads` and `run.gone_loads` say what changed tonight; `run.touched` collects the keys to redo.
    A full build starts from nothing, so neither hook has anything to forget there.
#}

{% macro versions(slug) %}
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

{# Before: remember the keys of the rows that go, then let them go. #}
{% macro forget_changed_loads(slug) %}
{% if is_incremental() %}
insert into run.touched
select distinct '{{ slug }}', row_key
from {{ this }}
where load_id in (select load_id from run.new_loads union all select load_id from run.gone_loads);
delete from {{ this }}
where load_id in (select load_id from run.new_loads union all select load_id from run.gone_loads)
{% endif %}
{% endmacro %}

{# After: the keys of the rows that came. #}
{% macro touch_new_loads(slug) %}
{% if is_incremental() %}
insert into run.touched
select distinct '{{ slug }}', row_key
from {{ this }}
where load_id in (select load_id from run.new_loads)
{% endif %}
{% endmacro %}

{# The newest version of each key: the newest export wins, never the newest arrival. #}
{% macro winners(slug, versions) %}
select *
from (
    select
        *,
        row_number() over (
            partition by row_key
            order by exported_at desc, contract_version desc, load_id desc, row_number desc
        ) as age
    from {{ versions }}
    {% if is_incremental() %}
    where row_key in (select row_key from run.touched where slug = '{{ slug }}')
    {% endif %}
) as ranked
where age = 1
{% endmacro %}

{% macro forget_touched(slug) %}
{% if is_incremental() %}
delete from {{ this }}
where row_key in (select row_key from run.touched where slug = '{{ slug }}')
{% endif %}
{% endmacro %}
