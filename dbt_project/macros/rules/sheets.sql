{#
    The rows of the newest sheet of each source. A sheet is a complete list, so a row missing from the newest one
    is deleted; if two sources have the same key, the newer sheet wins.
#}
{% macro newest_sheets(entity, key) %}
{% set of_the_load = {'source_id': dbt.type_string(), 'load_id': dbt.type_string(), 'row_number': 'bigint',
    'exported_at': 'timestamp', 'contract_version': 'bigint'} %}
select
    {{ entity_columns(entity).required | join(',\n    ') }},
    source_id,
    exported_at as stated_at
from (
    select
        *,
        row_number() over (partition by {{ key | join(', ') }} order by {{ newest_first() }}) as row_age
    from (
        select
            *,
            rank() over (
                partition by source_id
                order by exported_at desc, contract_version desc, load_id desc
            ) as sheet_age
        from (
            {{ union_feeds(entity, of_the_load) }}
        ) as handed_in
    ) as sheets
    where sheet_age = 1
) as ranked
where row_age = 1
{% endmacro %}
