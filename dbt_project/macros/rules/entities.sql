{#
    The columns of each entity a platform may feed, and their types. If an export lacks an `optional` one, its
    staging model leaves it out and `union_feeds` fills it with nulls; a missing required one makes the build
    fail.
#}
{% macro entity_columns(entity) %}
{% set text = dbt.type_string() %}
{% set known = {
    'orders': {
        'required': {
            'source_id': text, 'order_id': text, 'status': text, 'currency': text, 'goods_paid_fen': 'bigint',
            'freight_paid_fen': 'bigint', 'goods_paid_exact': 'decimal(18, 6)', 'created_at': 'timestamp',
            'paid_at': 'timestamp', 'finished_at': 'timestamp',
        },
        'optional': {'transaction_id': text, 'declared_kind': text, 'sales_channel': text, 'creator_key': text},
    },
    'order_states': {
        'required': {
            'source_id': text, 'order_id': text, 'exported_at': 'timestamp', 'status': text, 'currency': text,
            'refunded_fen': 'bigint',
        },
    },
    'order_lines': {
        'required': {
            'source_id': text, 'order_id': text, 'line_number': 'bigint', 'product_id': text, 'product_name': text,
            'quantity': 'bigint', 'amount_exact': 'decimal(18, 6)',
        },
    },
    'refunds': {
        'required': {
            'source_id': text, 'refund_id': text, 'kind': text, 'currency': text, 'refunded_fen': 'bigint',
            'refunded_exact': 'decimal(18, 6)', 'refunded_at': 'timestamp',
        },
        'optional': {'order_id': text, 'buyer_namespace': text, 'buyer_hmac': text},
    },
    'refund_reasons': {'required': {'source_id': text, 'refund_id': text, 'reason_class': text}},
    'ratings': {
        'required': {
            'row_key': text, 'source_id': text, 'order_id': text, 'rated_at': 'timestamp', 'score': text,
            'is_default': 'boolean',
        },
    },
    'survey_answers': {
        'required': {
            'row_key': text, 'record_id': text, 'answered_at': 'timestamp', 'nps_score': 'bigint', 'stars': 'bigint',
        },
    },
    'referrals': {
        'required': {
            'row_key': text, 'source_id': text, 'order_id': text, 'referrer_record_id': text,
            'referred_at': 'timestamp', 'is_rewarded': 'boolean',
        },
    },
    'identifiers': {
        'required': {'load_id': text, 'record_id': text, 'namespace': text, 'issuer': text, 'identifier': text},
    },
    'payers': {
        'required': {'load_id': text, 'transaction_id': text, 'namespace': text, 'issuer': text, 'identifier': text},
    },
    'payments': {
        'required': {
            'row_key': text, 'load_id': text, 'source_id': text, 'transaction_id': text, 'order_id': text,
            'state': text, 'settled_fen': 'bigint', 'traded_at': 'timestamp',
        },
    },
    'contacts': {
        'required': {
            'row_key': text, 'source_id': text, 'external_userid_hmac': text, 'staff_id': text, 'add_way': text,
            'state': text, 'added_at': 'timestamp', 'last_listed_at': 'timestamp',
        },
    },
    'follows': {
        'required': {
            'row_key': text, 'source_id': text, 'openid_hmac': text, 'scene': text, 'followed_at': 'timestamp',
            'last_listed_at': 'timestamp',
        },
    },
    'lists': {'required': {'source_id': text, 'listed_at': 'timestamp'}},
    'leads': {
        'required': {
            'row_key': text, 'source_id': text, 'record_id': text, 'entry': text, 'created_at': 'timestamp',
        },
        'optional': {'ended_at': 'timestamp', 'end_reason': text},
    },
    'content_totals': {
        'required': {
            'row_key': text, 'source_id': text, 'content_key': text, 'title': text, 'kind': text,
            'published_at': 'timestamp', 'stat_date': 'date', 'exported_at': 'timestamp',
        },
        'optional': dict.fromkeys(content_measures(), 'bigint'),
    },
    'audience_days': {
        'required': {
            'row_key': text, 'source_id': text, 'stat_date': 'date', 'entry': text, 'new_followers': 'bigint',
            'lost_followers': 'bigint',
        },
        'optional': {'followers': 'bigint'},
    },
    'shops': {
        'required': {
            'shop_id': text, 'shop_name': text, 'platform': text, 'brand_id': text, 'legal_entity': text,
            'is_active': text,
        },
    },
    'brands': {'required': {'brand_id': text, 'brand_name': text, 'rules_profile': text}},
    'targets': {
        'required': {
            'target_month': 'date', 'shop_id': text, 'metric': text, 'target_fen': 'bigint', 'target_count': 'bigint',
        },
    },
    'campaigns': {
        'required': {
            'campaign_id': text, 'campaign_name': text, 'kind': text, 'brand_id': text, 'budget_fen': 'bigint',
        },
    },
    'campaign_phases': {
        'required': {
            'campaign_id': text, 'phase': text, 'starts_at': 'timestamp', 'ends_at': 'timestamp',
            'final_due_at': 'timestamp', 'shop_id': text,
        },
    },
    'entry_points': {'required': {'state': text, 'kind': text, 'channel': text, 'campaign_id': text}},
    'exclusions': {
        'required': {'kind': text, 'phone_hmac': text, 'order_id': text, 'staff_id': text, 'reason': text},
    },
    'products': {
        'required': {
            'product_id': text, 'product_name': text, 'role': text, 'category': text, 'cost_fen': 'bigint',
            'days_of_supply': 'bigint', 'valid_from': 'date', 'valid_to': 'date',
        },
    },
    'bundles': {
        'required': {'bundle_id': text, 'product_id': text, 'quantity': 'bigint', 'list_price_fen': 'bigint'},
    },
    'creators': {
        'required': {
            'creator_id': text, 'creator_name': text, 'type': text, 'douyin_id': text, 'channels_id': text,
            'xiaohongshu_id': text, 'taobao_id': text, 'slot_fee_fen': 'bigint', 'commission_rate': 'decimal(9, 6)',
            'guaranteed_roi': 'decimal(18, 6)',
        },
    },
    'staff': {
        'required': {
            'staff_id': text, 'display_name': text, 'role': text, 'shop_id': text, 'is_active': text,
            'phone_hmac': text,
        },
    },
    'spend': {
        'required': {
            'spent_on': 'date', 'channel': text, 'kind': text, 'amount_fen': 'bigint', 'shop_id': text,
            'brand_id': text, 'campaign_id': text, 'creator_id': text, 'content_key': text, 'impressions': 'bigint',
            'clicks': 'bigint', 'entry_number': 'bigint',
        },
    },
} %}
{{ return(known[entity]) }}
{% endmacro %}

{# The union of all staging models that feed an entity, with its columns and those of `also`. #}
{% macro union_feeds(entity, also={}) %}
{% set declared = entity_columns(entity) %}
{% set required = dict(declared.required, **also) %}
{% set optional = declared.get('optional', {}) %}
{% for feed in feeds(entity) %}
{% set staged = column_names(ref(feed)) if optional else [] %}
select
    {{ required | join(',\n    ') }}
    {%- for name, type in optional.items() %},
    {{ name if name in staged else 'cast(null as ' ~ type ~ ') as ' ~ name }}
    {%- endfor %}
from {{ ref(feed) }}
{{ "union all" if not loop.last }}
{% else %}
select
    {% for name, type in dict(required, **optional).items() %}
    cast(null as {{ type }}) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
where 1 = 0
{% endfor %}
{% endmacro %}

{# The columns a model has in the database; none if it has not been built. #}
{% macro column_names(relation) %}
{% set built = load_relation(relation) if execute else none %}
{{ return(adapter.get_columns_in_relation(built) | map(attribute='name') | list if built else []) }}
{% endmacro %}
