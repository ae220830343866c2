{# The night being built, as a date. Facts dated after it are not included. #}
{% macro night() %}(select night from {{ source('run', 'night') }}){% endmacro %}

{% macro date_of(moment) %}cast({{ moment }} as date){% endmacro %}

{% macro days_after(date, days) %}cast({{ dbt.dateadd('day', days, date) }} as date){% endmacro %}

{# The platforms' figures of a content, each a lifetime total in `content_totals`. #}
{% macro content_measures() %}
{{ return(['exposures', 'views', 'likes', 'comments', 'shares', 'saves', 'followers_gained']) }}
{% endmacro %}
