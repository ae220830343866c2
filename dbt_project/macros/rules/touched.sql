{#
    What a night makes anew. Large models keep the rows of the parent version and replace those of touched records,
    orders and customers: the models `int_touched_…` name them, empty in a full build. Whatever else decides a kept row
    has to be followed by one of these, or a change of it makes everything anew (`warehouse/followed.py`).
#}

{# Whether this build starts from the tables of a parent version. Names `scope`, so that a caller is built each night. #}
{% macro continues_parent() %}
{% set scope = source('run', 'scope') %}
{{ return(execute and load_relation(of_parent('int_orders')) is not none) }}
{% endmacro %}

{# A model's table as the parent version has it; only there where the build continues one. #}
{% macro of_parent(model) %}
{% set schema = 'staging' if model.startswith('stg_') else 'intermediate' %}
{{ return(api.Relation.create(database='parent', schema=schema, identifier=model)) }}
{% endmacro %}

{# Whether a moment lies after the parent's night and not after this one: what it dates counts from tonight on. #}
{% macro has_come(moment) -%}
({{ date_of(moment) }} <= {{ night() }}
and {{ date_of(moment) }} > (select parent_night from {{ source('run', 'scope') }}))
{%- endmacro %}

{#
    Makes the calling model keep its rows, except those of touched `kinds` (see `touched_keys`), which it selects through
    `is_touched`. The data tests of a night ask the same rows (`data_tests.py` reads `made_anew`).
#}
{% macro keep_untouched(kinds) %}
{% set made_anew = {} %}
{% for kind in kinds %}
{% do made_anew.update({touched_keys(kind).table: touched_keys(kind).key}) %}
{% endfor %}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    meta={'made_anew': made_anew},
    pre_hook="{{ forget_touched(" ~ kinds ~ ") }}"
) }}
{% endmacro %}

{# Where the touched keys of a kind stand, and which columns they are. #}
{% macro touched_keys(kind) %}
{{ return({
    'records': {'table': 'intermediate.int_touched_records', 'key': ['record_id']},
    'orders': {'table': 'intermediate.int_touched_orders', 'key': ['source_id', 'order_id']},
    'customers': {'table': 'intermediate.int_touched_customers', 'key': ['customer_id']},
    'owners': {'table': 'run.reassigned_records', 'key': ['record_id']},
    'new_loads': {'table': 'run.new_loads', 'key': ['load_id']},
    'gone_loads': {'table': 'run.gone_loads', 'key': ['load_id']},
}[kind]) }}
{% endmacro %}

{# Pre-hook: delete the rows that are made anew. #}
{% macro forget_touched(kinds) %}
{% if is_incremental() %}
delete from {{ this }} as kept
where {% for kind in kinds %}{{ is_touched(kind, 'kept') }}{{ " or " if not loop.last }}{% endfor %}

{% endif %}
{% endmacro %}

{#
    Whether a row of `of` is to be made anew; always in a full build, and in a unit test, which has no `this`. What names
    no order is made anew each night.
#}
{% macro is_touched(kind, of) %}
{% set keys = touched_keys(kind) %}
{% set schema, name = keys.table.split('.') %}
{# Only the one table is named, as a model follows from all it names. #}
{% set touched = (source('run', name) if schema == 'run' else ref(name)) if this else none %}
{% if touched and is_incremental() and kind == 'new_loads' -%}
{# By name, as an engine takes a list of values into what a view groups, and no join. #}
{% set loads = run_query('select load_id from ' ~ touched ~ ' order by load_id') if execute else [] %}
{{ of }}.load_id in ({% for load in loads %}'{{ load[0] }}', {% endfor %}'')
{%- elif touched and is_incremental() -%}
{{ "(" ~ of ~ ".order_id is null or " if kind == 'orders' -}}
exists (
    select 1 from {{ touched }} as touched
    where {% for column in keys.key %}touched.{{ column }} = {{ of }}.{{ column }}{{ " and " if not loop.last }}{% endfor %}
)
{{- ")" if kind == 'orders' }}
{%- else -%}
true
{%- endif %}
{% endmacro %}

{# The rows of a touched-keys model where nothing continues a parent: none. #}
{% macro nothing_touched(columns) %}
select {% for column in columns %}cast(null as {{ dbt.type_string() }}) as {{ column }}{{ ", " if not loop.last }}{% endfor %}

where 1 = 0
{% endmacro %}

{# The customers of rows that are in only one of tonight's table and the parent's, of a model made anew each night. #}
{% macro customers_with_changes(model, where='true') %}
select customer_id from (select * from {{ ref(model) }} except select * from {{ of_parent(model) }}) as come
where {{ where }}
union all
select customer_id from (select * from {{ of_parent(model) }} except select * from {{ ref(model) }}) as gone
where {{ where }}
{% endmacro %}

{# The customers some kept row of the parent is dated for in the days since the parent's night. #}
{% macro customers_whose_day_has_come(model, columns) %}
{% for column in columns %}
select customer_id from {{ of_parent(model) }} where {{ has_come(column) }}
{{ "union all" if not loop.last }}
{% endfor %}
{% endmacro %}

{% macro is_new(load) %}{{ load }} in (select load_id from {{ source('run', 'new_loads') }}){% endmacro %}

{% macro is_gone(load) %}{{ load }} in (select load_id from {{ source('run', 'gone_loads') }}){% endmacro %}
