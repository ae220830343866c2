{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('wechat_oa__article_totals') }}
