with orders as (
    select * from {{ ref('orders_wide') }} where customer_id is not null
),

bought as (
    select
        customer_id,
        count(*) as purchases,
        sum(paid_fen) as purchases_paid_fen,
        sum(case when is_retained and {{ dbt.datediff('paid_date', night(), 'day') }} < 365 then 1 else 0 end)
            as retained_orders_365,
        sum(case when {{ dbt.datediff('paid_date', night(), 'day') }} < 365 then net_fen else 0 end) as net_365_fen,
        min(case when campaign_id is null then 0 else 1 end) = 1 as is_promotion_only,
        sum(
            case
                when {{ dbt.datediff('paid_date', night(), 'day') }} < {{ var('serial_refund_days') }} then 1 else 0
            end
        ) as late_purchases,
        sum(
            case
                when
                    {{ dbt.datediff('paid_date', night(), 'day') }} < {{ var('serial_refund_days') }}
                    and not is_retained
                    then 1
                else 0
            end
        ) as late_returns
    from orders
    where counts_as_purchase
    group by customer_id
),

brands as (
    select customer_id, {{ dbt.listagg('brand_name', "'、'", 'order by brand_name') }} as brands_zh
    from (select distinct customer_id, brand_name from orders where counts_as_purchase) as bought
    group by customer_id
)

select
    customers.customer_id,
    customers.customer_type,
    customers.stage,
    stages.stage_label_zh as stage_zh,
    customers.substage,
    stages.label_zh as substage_zh,
    stages.rule_zh || coalesce(
        ';有效购买 ' || cast(customers.occasions as {{ dbt.type_string() }}) || ' 次,最近一次 '
        || cast(customers.last_retained_date as {{ dbt.type_string() }}), ''
    ) as reason_zh,
    customers.stage_since_date,
    customers.expires_on,
    next_stages.label_zh as next_substage_zh,
    customers.first_seen_date,
    customers.acquisition_channel_id,
    channels.label_zh as acquisition_channel_zh,
    customers.first_entry_point,
    brands.brands_zh,
    customers.first_paid_date,
    customers.last_paid_date,
    customers.last_retained_date,
    customers.occasions,
    customers.confirmed_occasions,
    customers.retained_orders,
    cast(coalesce(bought.retained_orders_365, 0) as bigint) as retained_orders_365,
    customers.currency,
    customers.paid_fen,
    customers.refunded_fen,
    customers.net_fen,
    cast(coalesce(bought.net_365_fen, 0) as bigint) as net_365_fen,
    {{ share('customers.refunded_fen', 'customers.paid_fen') }} as refund_rate,
    {{ whole_quotient('cast(bought.purchases_paid_fen as bigint)', 'bought.purchases') }} as average_order_fen,
    categories.category as top_category,
    bought.is_promotion_only,
    rfm.rfm_code,
    rfm.segment_zh as rfm_zh,
    coalesce(
        bought.late_purchases >= {{ var('serial_refund_orders') }}
        and bought.late_returns * 100 >= bought.late_purchases * {{ var('serial_refund_percent') }}, false
    ) as is_serial_refunder,
    customers.satisfaction,
    customers.satisfaction_source,
    customers.is_wecom_contact,
    customers.is_follower,
    customers.is_wecom_contact or customers.is_follower as is_contactable,
    customers.owner_staff_id,
    contacts.owner_name as owner_zh,
    customers.has_live_intent,
    contacts.last_touch_date
from {{ ref('customers') }} as customers
inner join {{ ref('stages') }} as stages on customers.substage = stages.substage
left join {{ ref('stages') }} as next_stages on customers.next_substage = next_stages.substage
left join {{ ref('channels') }} as channels on customers.acquisition_channel_id = channels.channel_id
left join bought on customers.customer_id = bought.customer_id
left join {{ ref('customer_rfm') }} as rfm on customers.customer_id = rfm.customer_id
left join {{ ref('int_customer_contacts') }} as contacts on customers.customer_id = contacts.customer_id
left join brands on customers.customer_id = brands.customer_id
left join {{ ref('int_customer_categories') }} as categories on customers.customer_id = categories.customer_id
