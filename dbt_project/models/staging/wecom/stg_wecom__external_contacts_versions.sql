{# written by `followthrough generate` from followthrough/platforms: do not edit #}
{{ versions('wecom__external_contacts') }}
