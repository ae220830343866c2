{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('taobao__trade_ratings') }}
