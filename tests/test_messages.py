"""What people are told of a night, from one small published version."""

from datetime import date, datetime

import duckdb
import pytest

from followthrough import history
from followthrough.history import Manifest, decide
from followthrough.messages import after_run, overdue
from followthrough.publish import switch

NIGHT, MADE = date(2026, 9, 30), datetime(2026, 10, 1, 8, 5)


@pytest.fixture
def publish(home):
    """Publish a version of the night in which sources are in these states."""

    def publish(states=(("苔原", "fresh"), ("松间", "fresh"))):
        folder = home.published / "000001-2026-09-30"
        folder.mkdir()
        checks = {"passed": 212, "warned": 3, "failed": 0}
        made = Manifest(folder.name, f"{NIGHT}", None, MADE.isoformat(), "", "", "", (), {}, checks, 0, ())
        (folder / "manifest.json").write_text(made.to_json(), "utf-8")
        history.keep(home, made)
        with duckdb.connect(str(folder / "followthrough.duckdb")) as connection:
            connection.execute(
                """
                CREATE SCHEMA marts; CREATE SCHEMA trust;
                CREATE TABLE marts.orders AS FROM (VALUES ('CNY', DATE '2026-09-30', 61_248_000),
                    ('CNY', DATE '2026-09-29', 100), ('GBP', DATE '2026-09-30', 500)
                ) AS t(currency, paid_date, paid_fen);
                CREATE TABLE marts.refunds AS FROM (VALUES ('CNY', DATE '2026-09-30', 12_627_000)
                ) AS t(currency, refunded_date, refunded_fen);
                CREATE TABLE marts.stage_daily AS FROM (VALUES
                    (DATE '2026-09-30', 'paying', 42877), (DATE '2026-09-29', 'paying', 42672),
                    (DATE '2026-09-30', 'loyal', 6310), (DATE '2026-09-29', 'loyal', 6328)
                ) AS t(stage_date, stage, customers);
                CREATE TABLE trust.freshness (source_id VARCHAR, slug VARCHAR, label VARCHAR, owner VARCHAR,
                    menu VARCHAR, covered_through DATE, state VARCHAR);
                """
            )
            for label, state in states:
                connection.execute(
                    """INSERT INTO trust.freshness VALUES
                    ($1, 'youzan__orders', $1, '王运营', '后台 > 订单 > 导出', DATE '2026-09-28', $2)""",
                    [label, state],
                )
        switch(home, folder.name)

    return publish


def text(message):
    return "\n".join((message.title, *message.lines))


def test_a_complete_night_is_told_in_figures(settings, publish):
    publish()
    (brief,) = after_run(settings, NIGHT)
    assert brief.key == "2026-09-30/complete"
    told = text(brief)
    parts = ["09-30(周三) 定稿", "到齐 2/2", "212过 3警 0拒", "**净支付额 ¥486,210**", "退款 ¥126,270"]
    parts += ["净支付额 GBP 5", "付费 42,877 +205", "忠诚 6,310 -18", "版本 000001-2026-09-30"]
    for part in parts:
        assert part in told, part


def test_a_night_with_gaps_names_them_and_asks_the_owner(settings, publish):
    publish(states=[("苔原", "late"), ("松间", "not_due")])
    brief, gap = after_run(settings, NIGHT)
    assert brief.key == "2026-09-30/early"
    assert "到齐 0/2，缺：松间、苔原" in text(brief)
    assert "（不含未到的数据）" in text(brief)
    assert gap.owner == "王运营"
    for part in (
        "苔原 的文件还没有到",
        "只到 2026-09-28",
        "后台 > 订单 > 导出",
        "放入 inbox/苔原",
        "@王运营",
    ):
        assert part in text(gap), part


def test_a_refused_file_is_told_with_its_remedy_whenever_it_came(settings, home, publish):
    publish()
    refusal = {"load_id": "l1", "source_id": "youzan_moss", "file": "订单.csv", "night": f"{NIGHT}",
               "verdict": "refused", "why_zh": ["缺列「支付完成时间」 -> 请重新导出"]}  # fmt: skip
    decide(
        home, "verdict", datetime(2026, 10, 1, 9), refusal, refusal | {"load_id": "l2", "night": "2026-09-29"}
    )
    _, gap = after_run(settings, NIGHT)
    source = settings.source("youzan_moss")
    assert (gap.key, gap.owner) == ("2026-09-30/refused/l1", source.owner)
    for part in ("> 文件 订单.csv", "缺列「支付完成时间」", source.usual.menu, "放入 inbox/youzan_moss"):
        assert part in text(gap), part


def refuse(home, at, night=NIGHT):
    entry = {
        "night": f"{night}",
        "run_id": "r",
        "why": ["dbt: orders_key (4711 rows)"],
        "reasons": ["orders_key"],
    }
    decide(home, "candidate_refused", at, entry)


def test_a_refused_candidate_is_told_without_any_number_of_it(settings, home, publish):
    publish()
    for hour in (9, 10):
        refuse(home, datetime(2026, 10, 2, hour), date(2026, 10, 1))
    (told,) = after_run(settings, date(2026, 10, 1))
    assert (told.key, told.is_urgent) == ("2026-10-01/not_published/2", True)
    assert "数据未发布（第 2 次）" in told.title
    assert "仍是 09-30(周三) 版（10-01 08:05 发布）" in text(told)
    assert "orders_key" in text(told)
    assert "4711" not in text(told)


def test_a_refusal_that_was_mended_since_is_no_news(settings, home, publish):
    refuse(home, datetime(2026, 10, 1, 7, 40))
    publish()
    assert [message.key for message in after_run(settings, NIGHT)] == ["2026-09-30/complete"]


def test_before_the_first_version_there_is_nothing_to_tell(settings):
    assert after_run(settings, NIGHT) == []


def test_the_first_night_refused_is_told_all_the_same(settings, home):
    refuse(home, datetime(2026, 10, 1, 8))
    (told,) = after_run(settings, NIGHT)
    assert "还没有发布过任何版本" in text(told)


def test_who_looks_from_outside_sees_a_night_that_is_not_there(home, publish):
    nine = datetime(2026, 10, 1, 9)
    (nothing,) = overdue(home, nine)
    assert "09-30(周三) 数据到 09:00 还没有发布" in text(nothing)
    publish()
    assert overdue(home, nine) == []
    (next_morning,) = overdue(home, datetime(2026, 10, 2, 9))
    assert (next_morning.key, next_morning.is_urgent) == ("2026-10-01/overdue", True)
