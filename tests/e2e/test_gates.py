"""What the gates refuse never reaches a reader, and never stops what is sound."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from followthrough.checks import mart_gate
from followthrough.cli import main
from followthrough.operate import run_dag as launch
from followthrough.operate.corrections import resume, rollback
from followthrough.paths import Home
from followthrough.runs.journal import Run
from followthrough.settings import Settings, from_environment
from followthrough.versions.history import hold
from tests.builders.nights import SAMPLE, Nights, Reader, copy_of, current, marts

NEXT = SAMPLE.night(6)
NIGHT_SHOWN = "(select max(date_day) from marts.dates)"
BROKEN_RULE = """
suite: customers
expectations:
  - type: expect_table_row_count_to_be_between
    kwargs: {max_value: 0}
    severity: critical
    reason: A rule that cannot hold.
    reason_zh: 不可能成立的规则。
"""
TRUE_CONDITION, BROKEN_CONDITION = "net_fen = paid_fen - refunded_fen", "net_fen < paid_fen - refunded_fen"


def _settings(home: Path) -> Settings:
    return from_environment({"FOLLOWTHROUGH_HOME": str(home)})


def _by_hand(home: Path) -> Run:
    at = SAMPLE.deliveries(NEXT)[0].exported_at
    return Run("by_hand", NEXT, at)


def _customers(home: Path) -> int:
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        return connection.execute("select count(*) from marts.customers").fetchall()[0][0]


def _break_gx(folder: Path) -> Callable[[], None]:
    (folder / "marts").mkdir()
    (folder / "marts" / "customers.yml").write_text(BROKEN_RULE)
    return lambda: setattr(mart_gate, "EXPECTATIONS", folder)


def _break_dbt(folder: Path) -> Callable[[], None]:
    from followthrough.paths import DBT_PROJECT
    from followthrough.warehouse import build
    from followthrough.warehouse import dbt_runner as warehouse

    project = copy_of(DBT_PROJECT, folder / "dbt_project")
    declared = project / "models" / "marts" / "customers" / "_customers__models.yml"
    assert TRUE_CONDITION in declared.read_text("utf-8")
    declared.write_text(declared.read_text("utf-8").replace(TRUE_CONDITION, BROKEN_CONDITION), "utf-8")

    def plant() -> None:
        warehouse.DBT_PROJECT = build.DBT_PROJECT = project

    return plant


@pytest.mark.parametrize("break_rule", [_break_gx, _break_dbt], ids=["great_expectations", "dbt"])
def test_a_broken_mart_rule_publishes_nothing_while_readers_see_the_old_version(
    nights: Nights, published: Path, tmp_path: Path, break_rule: Callable[[Path], Callable[[], None]]
) -> None:
    home = copy_of(published, tmp_path / "home")
    before = current(home)
    reader = Reader(home, NIGHT_SHOWN, NIGHT_SHOWN)
    outcome = nights.run(home, NEXT, before=break_rule(tmp_path))
    read = reader.stop()
    assert outcome.status == launch.REFUSED, outcome.output
    assert "not published" in outcome.error
    assert current(home) == before
    assert (read["seen"], read["errors"]) == ([before.night], [])
    assert read["reads"] > 10
    assert not (home / "warehouse" / "candidate").exists()
    assert nights.run(home, NEXT).status == launch.PUBLISHED
    assert current(home).parent == before.version


def test_a_file_gate_1_refuses_leaves_the_others_published_and_is_named(
    nights: Nights, published: Path, tmp_path: Path
) -> None:
    home = copy_of(published, tmp_path / "home")
    inbox = home / "inbox"
    (inbox / "wechat_oa_main" / "followers.json").write_text(
        '{"total":9,"count":9,"data":{"openid":["o1"]},"next_openid":""}\n'
        '{"user_info_list":[{"subscribe":1,"openid":"o1","unionid":"u1","subscribe_time":1788000000}]}\n'
    )
    (inbox / "youzan_pine" / "whatever.csv").write_text("订单号,归属店铺,实付\nE1,x,1\n")
    (inbox / "wecom_main" / "wrong.csv").write_bytes(SAMPLE.deliveries(NEXT)[-1].body)
    outcome = nights.run(home, NEXT)
    assert outcome.status == launch.PUBLISHED, outcome.output
    assert current(home).night == NEXT.isoformat()
    refused = {
        line.split(": ")[0]: line for s in outcome.steps for line in s.get("judged", {}).get("refused", [])
    }
    assert "holds another number" in refused["wechat_oa_main"]
    assert "youzan__orders" in refused["youzan_pine"]
    assert "订单已退款金额" in refused["youzan_pine"]
    assert "inbox of a" in refused["wecom_main"]
    page = (home / "reports" / f"{NEXT}.html").read_text("utf-8")
    assert all(name in page for name in ("followers.json", "whatever.csv", "wrong.csv"))


def test_rollback_says_what_it_unapplies_and_holds_until_resumed(
    nights: Nights, published: Path, tmp_path: Path
) -> None:
    home = copy_of(published, tmp_path / "home")
    first, before = current(home), marts(home)
    assert nights.run(home, NEXT).status == launch.PUBLISHED
    second = current(home)
    back = rollback(_settings(home), _by_hand(home), None, "wrong prices")
    assert (back.version, back.left) == (first.version, second.version)
    assert {load.load_id for load in back.unapplied} == {
        load.load_id for load in second.loads if load not in first.loads
    }
    assert current(home) == first
    assert marts(home) == before
    assert (hold(Home(home)) or {})["reason"] == "wrong prices"
    held = nights.run(home, NEXT)
    assert held.status == launch.FAILED
    assert "followthrough resume" in held.error
    resume(_settings(home), _by_hand(home))
    assert nights.run(home, NEXT).status == launch.PUBLISHED
    third = current(home)
    assert (third.sequence, third.parent) == (3, first.version)
    assert {n: t for n, t in third.tables.items() if n.startswith("marts.")} == {
        n: t for n, t in second.tables.items() if n.startswith("marts.")
    }


def test_a_withdrawn_load_counts_as_if_it_had_never_come_until_it_is_restored(
    nights: Nights, published: Path, tmp_path: Path
) -> None:
    def followthrough(*arguments: str) -> None:
        done = CliRunner().invoke(main, arguments, env={"FOLLOWTHROUGH_HOME": str(home)})
        assert done.exit_code == 0, done.output

    home = copy_of(published, tmp_path / "home")
    without = marts(home)
    later = next(d for d in SAMPLE.deliveries(NEXT) if d.source == "youzan_moss" and d.name.endswith("csv"))
    (home / "inbox" / "youzan_moss" / "extra.csv").write_bytes(later.body)
    assert nights.run(home, SAMPLE.night(5)).status == launch.PUBLISHED
    with_it = marts(home)
    assert with_it != without
    (new,) = {load.load_id for load in current(home).loads} - {
        load.load_id for load in current(published).loads
    }

    followthrough("withdraw", new, "--reason", "exported from the wrong shop")
    assert nights.run(home, SAMPLE.night(5)).status == launch.PUBLISHED
    assert marts(home) == without
    assert _customers(home) == without["marts.customers"]["rows"]

    followthrough("restore", new)
    assert nights.run(home, SAMPLE.night(5)).status == launch.PUBLISHED
    assert marts(home) == with_it
