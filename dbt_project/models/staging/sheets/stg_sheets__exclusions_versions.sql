{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('sheets__exclusions') }}
