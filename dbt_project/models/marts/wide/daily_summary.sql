{#
    Every day from a shop's first to the night has a row, so a day without sales is 0 and not missing. If a source
    with orders or refunds of the shop has not arrived, the figures are null, because they are not known to be 0.
#}
with coverage as (select * from {{ ref('int_sales_coverage') }}),

money as (select * from {{ ref('shop_daily') }}),

happened as (
    select
        shop_id, currency, paid_date as date_day, refunded_fen, 0 as confirmed, 0 as confirmed_net_fen,
        case when is_first_purchase then customer_id end as first_buyer
    from {{ ref('orders_wide') }} where counts_as_revenue
    union all
    select shop_id, currency, confirmed_date, 0, 1, net_fen, null
    from {{ ref('orders_wide') }} where confirmed_date is not null and counts_as_purchase
),

days as (
    select
        shop_id, currency, date_day,
        count(distinct first_buyer) as first_buyers,
        sum(confirmed) as confirmed_purchases, sum(confirmed_net_fen) as confirmed_net_fen,
        sum(refunded_fen) as refunded_so_far_fen
    from happened group by shop_id, currency, date_day
),

sellers as (
    select shop_id, currency, min(business_date) as first_day from money group by shop_id, currency
    union all
    select distinct shop_id, 'CNY', {{ night() }}
    from coverage where shop_id not in (select shop_id from money)
),

missing as (
    select
        dates.date_day, coverage.shop_id,
        {{ dbt.listagg('coverage.label', "'、'", 'order by coverage.label') }} as missing_sources
    from {{ ref('dates') }} as dates
    inner join coverage on dates.date_day > coverage.covered_through
    group by dates.date_day, coverage.shop_id
),

spend as (
    select shop_id, spent_date as date_day, cast(sum(amount_fen) as bigint) as spend_fen
    from {{ ref('spend_daily') }} group by shop_id, spent_date
),

targets as (
    select
        shop_id, target_month,
        max(case when metric = 'paid' then target_fen end) as target_paid_fen,
        max(case when metric = 'net' then target_fen end) as target_net_fen
    from {{ ref('targets') }} group by shop_id, target_month
),

filled as (
    select
        dates.*, sellers.shop_id, sellers.currency,
        {% set nothing = 'case when missing.missing_sources is null then 0 end' %}
        {% for measure in shop_day_measures() %}
        cast(coalesce(money.{{ measure }}, {{ nothing }}) as bigint) as {{ measure }},
        {% endfor %}
        {% for measure in ['first_buyers', 'confirmed_purchases', 'confirmed_net_fen', 'refunded_so_far_fen'] %}
        cast(coalesce(days.{{ measure }}, {{ nothing }}) as bigint) as {{ measure }},
        {% endfor %}
        {% for measure in ['spend_fen', 'target_paid_fen', 'target_net_fen'] %}
        case when sellers.currency = 'CNY' then {{ measure }} end as {{ measure }},
        {% endfor %}
        missing.missing_sources
    from {{ ref('dates') }} as dates
    inner join sellers on dates.date_day >= sellers.first_day
    left join missing on sellers.shop_id = missing.shop_id and dates.date_day = missing.date_day
    left join money
        on
            sellers.shop_id = money.shop_id and sellers.currency = money.currency
            and dates.date_day = money.business_date
    left join days
        on sellers.shop_id = days.shop_id and sellers.currency = days.currency and dates.date_day = days.date_day
    left join spend on sellers.shop_id = spend.shop_id and dates.date_day = spend.date_day
    left join targets on sellers.shop_id = targets.shop_id and dates.month_start = targets.target_month
),

running as (
    select
        *,
        {% for measure in ['paid_fen', 'net_fen'] %}
        cast(sum({{ measure }}) over (partition by shop_id, currency, month_start order by date_day) as bigint)
            as mtd_{{ measure }},
        lag({{ measure }}, 7) over (partition by shop_id, currency order by date_day) as week_ago_{{ measure }},
        {% endfor %}
        count(missing_sources) over (partition by shop_id, currency, month_start order by date_day) = 0
            as is_mtd_complete
    from filled
)

select
    running.date_day as business_date,
    {% for column in ['iso_weekday', 'is_workday', 'festival_zh', 'campaign_id', 'campaign_phase', 'shop_id'] %}
    running.{{ column }},
    {% endfor %}
    shops.shop_name, shops.platform, shops.brand_id, running.currency,
    running.missing_sources is null as is_complete, running.missing_sources,
    {% for measure in shop_day_measures() %}
    running.{{ measure }},
    {% endfor %}
    {{ share('running.identified_paid_fen', 'running.paid_fen') }} as identified_order_share,
    {{ share('running.refunded_fen', 'running.paid_fen') }} as refund_rate,
    {{ whole_quotient('running.paid_fen', 'nullif(running.orders, 0)') }} as average_order_fen,
    running.first_buyers, running.confirmed_purchases, running.confirmed_net_fen, running.refunded_so_far_fen,
    running.spend_fen, running.week_ago_paid_fen, running.week_ago_net_fen, running.mtd_paid_fen,
    running.mtd_net_fen, running.is_mtd_complete, running.target_paid_fen, running.target_net_fen,
    {{ share('running.mtd_net_fen', 'running.target_net_fen') }} as target_attainment,
    {{ share(
        dbt.datediff('running.month_start', 'running.date_day', 'day') ~ ' + 1',
        dbt.datediff('running.month_start', dbt.dateadd('month', 1, 'running.month_start'), 'day')
    ) }} as time_progress
from running
left join {{ ref('shops') }} as shops on running.shop_id = shops.shop_id
