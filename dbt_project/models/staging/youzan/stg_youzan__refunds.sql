{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched('youzan__refunds') }}"
) }}

with winners as (
    {{ winners('youzan__refunds', ref('stg_youzan__refunds_versions')) }}
),

renamed as (
    select
        ---------- ids
        row_key,
        source_id,
        refund_id,
        order_id,
        cast(null as {{ dbt.type_string() }}) as buyer_namespace,
        cast(null as {{ dbt.type_string() }}) as buyer_hmac,

        ---------- text
        kind,
        reason_class,
        'CNY' as currency,

        ---------- numerics
        case when status = 'done' and kind <> 'exchange' then paid_back_fen else 0 end as refunded_fen,
        {{ exact("case when status = 'done' and kind <> 'exchange' then paid_back_fen else 0 end") }}
            as refunded_exact,

        ---------- timestamps
        refunded_at
    from winners
)

select * from renamed
