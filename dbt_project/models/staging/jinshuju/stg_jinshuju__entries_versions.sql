{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('jinshuju__entries') }}
