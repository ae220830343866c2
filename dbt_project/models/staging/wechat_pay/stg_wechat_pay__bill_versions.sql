{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('wechat_pay__bill') }}
