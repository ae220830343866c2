"""What is said to become of people by themselves is what becomes of them when nothing more is heard."""

from datetime import date, datetime
from pathlib import Path

from followthrough.operate import run_dag as launch
from tests.builders.nights import Nights
from tests.builders.small_shop import NIGHT, SOURCES, asked, drop, order
from tests.builders.youzan_orders import file_of as orders

LATER = date(2026, 10, 15)
SAID = f"""
    SELECT customer_id, expires_on, next_substage FROM marts.customers
    WHERE expires_on <= DATE '{LATER}' ORDER BY ALL
"""
BECAME = f"""
    SELECT customer_id, min(valid_from), arg_min(substage, valid_from) FROM marts.customer_stage_history
    WHERE valid_from > DATE '{NIGHT}' GROUP BY customer_id ORDER BY ALL
"""


def test_people_of_whom_nothing_is_heard_do_what_was_said(nights: Nights, tmp_path: Path) -> None:
    home, sources = tmp_path / "home", tmp_path / "sources.toml"
    sources.write_text(SOURCES, "utf-8")
    drop(home, "moss", "订单.csv", orders(
        order("new", "2026-09-01 10:00:00", 买家手机号="13900000001", 订单状态="已发货"),
        order("again", "2026-05-01 10:00:00", 买家手机号="13900000002"),
        order("again2", "2026-09-01 10:00:00", 买家手机号="13900000002", 订单状态="已发货"),
        order("risk", "2026-07-01 10:00:00", 买家手机号="13900000003"),
        order("lapsing", "2026-04-01 10:00:00", 买家手机号="13900000004"),
        order("lapsed", "2025-01-01 10:00:00", 买家手机号="13900000005"),
        order("unpaid", "2026-08-30 10:00:00", 买家手机号="13900000006", 订单状态="待付款", 买家付款时间=""),
    ), datetime(2026, 9, 2, 3))  # fmt: skip
    environment = {"FOLLOWTHROUGH_SOURCES": str(sources)}
    assert nights.run(home, NIGHT, **environment).status == launch.PUBLISHED
    said = asked(home, SAID)
    assert nights.run(home, LATER, **environment).status == launch.PUBLISHED
    assert asked(home, BECAME) == said
    assert {becomes for _, _, becomes in said} == {
        "paying.first",
        "loyal.repeat",
        "paying.at_risk",
        "paying.lapsed",
        "audience.expired",
    }
