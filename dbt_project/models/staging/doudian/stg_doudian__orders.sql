{#
    The order has the status of its least advanced line that is not closed; amounts count once paid. If its lines
    have two creators, the order has none.
#}
with lines as (
    select
        *,
        {{ goods_part('payable_fen', 'freight_fen', 'paid_at') }} as goods_fen,
        {{ freight_part('payable_fen', 'freight_fen', 'paid_at') }} as freight_paid_fen,
        case status when 'unpaid' then 1 when 'paid' then 2 when 'shipped' then 3 when 'finished' then 4 end
            as progress
    from {{ ref('stg_doudian__sub_orders') }}
),

orders as (
    select
        source_id,
        order_id,
        min(progress) as progress,
        min(traffic_source) as traffic_source,
        case when count(distinct creator_key) = 1 then min(creator_key) end as creator_key,
        cast(sum(goods_fen) as bigint) as goods_paid_fen,
        cast(sum(freight_paid_fen) as bigint) as freight_paid_fen,
        min(created_at) as created_at,
        min(paid_at) as paid_at,
        max(finished_at) as finished_at
    from lines
    group by source_id, order_id
)

select
    source_id || '|' || order_id as row_key,
    source_id,
    order_id,
    case progress when 1 then 'unpaid' when 2 then 'paid' when 3 then 'shipped' when 4 then 'finished' else 'closed' end
        as status,
    traffic_source as sales_channel,
    creator_key,
    'CNY' as currency,
    goods_paid_fen,
    freight_paid_fen,
    {{ fen_to_yuan_exact('goods_paid_fen') }} as goods_paid_exact,
    created_at,
    paid_at,
    finished_at
from orders
