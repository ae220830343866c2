{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('ocean_engine__clues') }}
