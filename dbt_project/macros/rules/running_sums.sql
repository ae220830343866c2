{#
    The running totals per day of the calendar and `by` columns, over a CTE `changes` with `day` and, per measure,
    the amount added (+) or removed (-). Only rows whose first measure is above 0 are kept.
#}
{% macro running_sums(changes, by, measures) %}
select
    date_day,
    {{ by | join(', ') }},
    {{ measures | join(', ') }}
from (
    select
        calendar.date_day,
        {% for column in by %}
        calendar.{{ column }},
        {% endfor %}
        {% for measure in measures %}
        cast(sum(coalesce(changed.{{ measure }}, 0)) over (
            partition by {% for column in by %}calendar.{{ column }}{{ ", " if not loop.last }}{% endfor %}
            order by calendar.date_day rows between unbounded preceding and current row
        ) as bigint) as {{ measure }}{{ "," if not loop.last }}
        {% endfor %}
    from (
        select dates.date_day, kinds.{{ by | join(', kinds.') }}
        from {{ ref('dates') }} as dates
        cross join (select distinct {{ by | join(', ') }} from {{ changes }}) as kinds
    ) as calendar
    left join (
        select
            day,
            {{ by | join(', ') }},
            {% for measure in measures %}
            sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
            {% endfor %}
        from {{ changes }}
        group by day, {{ by | join(', ') }}
    ) as changed
        on
            calendar.date_day = changed.day
            {% for column in by %}
            and calendar.{{ column }} = changed.{{ column }}
            {% endfor %}
) as running
where {{ measures[0] }} > 0
{% endmacro %}
