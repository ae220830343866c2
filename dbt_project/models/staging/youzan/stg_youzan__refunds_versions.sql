{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('youzan__refunds') }}
