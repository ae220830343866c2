{# The night being built, a date: facts dated after it are not visible yet. #}
{% macro night() %}(select night from {{ source('run', 'night') }}){% endmacro %}

{% macro date_of(moment) %}cast({{ moment }} as date){% endmacro %}

{% macro days_after(date, days) %}cast({{ dbt.dateadd('day', days, date) }} as date){% endmacro %}

{# Fen as an exact amount in yuan; dividing would leave decimal arithmetic. #}
{% macro exact(fen) %}cast({{ fen }} * cast(0.01 as decimal(3, 2)) as decimal(18, 6)){% endmacro %}

{# An exact amount as fen, half even, in decimal arithmetic. #}
{% macro to_fen(amount) -%}
cast(
    floor({{ amount }} * 100) + case
        when {{ amount }} * 100 - floor({{ amount }} * 100) > 0.5 then 1
        when {{ amount }} * 100 - floor({{ amount }} * 100) = 0.5
            then cast(floor({{ amount }} * 100) as bigint) % 2
        else 0
    end as bigint
)
{%- endmacro %}

{# All staging models that feed an entity, one under the other, columns named. #}
{% macro union_feeds(entity, columns) %}
{% for feed in feeds(entity) %}
select
    {% for name, type in columns.items() %}
    {{ name }}{{ "," if not loop.last }}
    {% endfor %}
from {{ ref(feed) }}
{{ "union all" if not loop.last }}
{% else %}
select
    {% for name, type in columns.items() %}
    cast(null as {{ type }}) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
where 1 = 0
{% endfor %}
{% endmacro %}

{# What platforms count of a content, each a lifetime figure in `content_totals`. #}
{% macro content_measures() %}
{{ return(['exposures', 'views', 'likes', 'comments', 'shares', 'saves', 'followers_gained']) }}
{% endmacro %}
