{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('doudian__settlements') }}
