{# Fen as an exact amount in yuan, by multiplication, because division would leave decimal arithmetic. #}
{% macro fen_to_yuan_exact(fen) %}cast({{ fen }} * cast(0.01 as decimal(3, 2)) as decimal(18, 6)){% endmacro %}

{# An exact amount as fen, rounded half even in decimal arithmetic. #}
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

{# Splits the amount paid into freight (up to the freight charged) and goods (the rest); 0 while nothing is paid. #}
{% macro freight_part(paid_fen, freight_fen, paid_at) -%}
case when {{ paid_at }} is null then 0 else least(coalesce({{ freight_fen }}, 0), {{ paid_fen }}) end
{%- endmacro %}

{% macro goods_part(paid_fen, freight_fen, paid_at) -%}
case when {{ paid_at }} is null then 0 else greatest({{ paid_fen }} - coalesce({{ freight_fen }}, 0), 0) end
{%- endmacro %}
