-- What DuckDB alone takes to make the core of our tables from the same typed Parquet: one row per order, one per person, and
-- people by stage and day. No history of what was known when, no identity beyond one phone, no checks, no refund events.
-- `$files` are the files of accepted/youzan__orders/, `$night` the night.
CREATE TABLE orders AS
SELECT
    order_id, phone_hmac AS customer_id, status, created_at, paid_at, finished_at, paid_fen,
    coalesce(refunded_fen, 0) AS refunded_fen, paid_fen - coalesce(refunded_fen, 0) AS net_fen,
    cast(paid_at AS DATE) AS paid_date
FROM read_parquet($files)
QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY row_number DESC) = 1;

CREATE TABLE customers AS
SELECT
    customer_id, min(paid_date) AS first_paid_date, max(paid_date) AS last_paid_date, count(*) AS orders,
    count(DISTINCT CASE WHEN net_fen > 0 THEN paid_date END) AS occasions, sum(net_fen) AS net_fen
FROM orders WHERE customer_id IS NOT NULL AND paid_at IS NOT NULL
GROUP BY customer_id;

CREATE TABLE stage_daily AS
WITH bought AS (
    SELECT DISTINCT customer_id, paid_date FROM orders
    WHERE customer_id IS NOT NULL AND net_fen > 0 AND paid_date <= $night
), numbered AS (
    SELECT
        *, row_number() OVER (PARTITION BY customer_id ORDER BY paid_date) AS place,
        lead(paid_date) OVER (PARTITION BY customer_id ORDER BY paid_date) AS next_date
    FROM bought
), lasting AS (
    SELECT
        CASE WHEN place > 1 THEN 'loyal' ELSE 'paying' END AS stage, paid_date AS from_date,
        coalesce(next_date, DATE '9999-12-31') AS to_date
    FROM numbered
), changes AS (
    SELECT from_date AS day, stage, 1 AS people FROM lasting
    UNION ALL
    SELECT to_date, stage, -1 FROM lasting WHERE to_date <= $night
)
SELECT day, stage, sum(sum(people)) OVER (PARTITION BY stage ORDER BY day) AS customers
FROM changes GROUP BY day, stage;
