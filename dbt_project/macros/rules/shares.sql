{# A share with six decimals, truncated; null if the whole is 0. Both arguments are BIGINT. #}
{% macro share(part, whole) -%}
cast(
    {{ whole_quotient('cast((' ~ part ~ ') * 1000000 as bigint)', 'nullif(' ~ whole ~ ', 0)') }}
    * cast(0.000001 as decimal(7, 6)) as decimal(18, 6)
)
{%- endmacro %}

{# The measures of a shop's day, each 0 where all its files have arrived and nothing happened. #}
{% macro shop_day_measures() %}
{{ return(['orders', 'purchases', 'buyers', 'paid_fen', 'identified_paid_fen', 'refunded_before_shipping_fen',
    'refunded_after_shipping_fen', 'refunded_otherwise_fen', 'refunded_fen', 'net_fen']) }}
{% endmacro %}
