{#
    If an order row shows more refunded than the known events explain, the rest is dated at the first export that
    shows it, until its event arrives. Events explain the earliest amounts first; the newest export is the upper
    limit.
#}
{{ keep_untouched(['orders']) }}
with refunds as (
    select *
    from {{ ref('int_refunds_unioned') }} as refunds
    where {{ is_touched('orders', 'refunds') }}
),

events as (
    select * from refunds where refunded_exact <> 0 and refunded_at is not null
),

states as (
    select * from {{ ref('int_order_states_unioned') }} as states where {{ is_touched('orders', 'states') }}
),

explained as (
    select
        source_id,
        order_id,
        sum(refunded_fen) as fen
    from events
    where order_id is not null
    group by source_id, order_id
),

growing as (
    select
        source_id,
        order_id,
        exported_at,
        currency,
        least(
            max(refunded_fen) over (
                partition by source_id, order_id
                order by exported_at, refunded_fen
                rows between unbounded preceding and current row
            ),
            first_value(refunded_fen) over (
                partition by source_id, order_id order by exported_at desc, refunded_fen desc
            )
        ) as shown_fen
    from states
),

steps as (
    select
        growing.source_id,
        growing.order_id,
        growing.currency,
        {{ date_of('growing.exported_at') }} as shown_date,
        greatest(growing.shown_fen, coalesce(explained.fen, 0)) - greatest(
            coalesce(lag(growing.shown_fen) over (
                partition by growing.source_id, growing.order_id
                order by growing.exported_at, growing.shown_fen
            ), 0),
            coalesce(explained.fen, 0)
        ) as unexplained_fen
    from growing
    left join explained
        on growing.source_id = explained.source_id and growing.order_id = explained.order_id
),

unexplained as (
    select
        source_id,
        order_id,
        shown_date,
        max(currency) as currency,
        sum(unexplained_fen) as refunded_fen
    from steps
    where unexplained_fen > 0
    group by source_id, order_id, shown_date
)

select
    source_id,
    refund_id,
    order_id,
    buyer_namespace,
    buyer_hmac,
    kind,
    currency,
    cast(refunded_fen as bigint) as refunded_fen,
    refunded_exact,
    refunded_at,
    {{ date_of('refunded_at') }} as refunded_date
from events
where {{ date_of('refunded_at') }} <= {{ night() }}
union all
select
    source_id,
    order_id || '@' || cast(shown_date as {{ dbt.type_string() }}) as refund_id,
    order_id,
    null as buyer_namespace,
    null as buyer_hmac,
    'unexplained' as kind,
    currency,
    cast(refunded_fen as bigint) as refunded_fen,
    {{ fen_to_yuan_exact('cast(refunded_fen as bigint)') }} as refunded_exact,
    cast(shown_date as timestamp) as refunded_at,
    shown_date as refunded_date
from unexplained
where shown_date <= {{ night() }}
