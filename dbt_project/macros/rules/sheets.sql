{#
    What operators say now. A sheet is a complete statement: of the sheets of a source the newest holds, so a row
    that is gone from it is gone; where two sources speak of the same key, the newer one holds. `columns` maps
    names to types.
#}
{% macro newest_sheets(entity, key, columns) %}
{% set told = dict(columns, source_id=dbt.type_string(), load_id=dbt.type_string(), row_number='bigint',
    exported_at='timestamp', contract_version='bigint') %}
select
    {{ columns | join(',\n    ') }},
    source_id,
    exported_at as stated_at
from (
    select
        *,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by exported_at desc, contract_version desc, load_id desc, row_number desc
        ) as row_age
    from (
        select
            *,
            rank() over (
                partition by source_id
                order by exported_at desc, contract_version desc, load_id desc
            ) as sheet_age
        from (
            {{ union_feeds(entity, told) }}
        ) as told
    ) as sheets
    where sheet_age = 1
) as ranked
where row_age = 1
{% endmacro %}
