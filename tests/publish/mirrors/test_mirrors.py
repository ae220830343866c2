"""Mirrors in servers that run here: every value, type and label, no gap, no mixture, no repetition."""

import threading
import time
from datetime import date, datetime
from decimal import Decimal

import psycopg
import pymysql
import pytest

from followthrough.errors import ConfigError, Unavailable
from followthrough.publish import bi_views as bi
from followthrough.publish.catalogue import marts, published
from followthrough.publish.mirrors.mirror import Brought, update_mirrors
from followthrough.settings.mirrors import Mirror, mirrors
from tests.builders.mirror_servers import postgres_query
from tests.builders.mirrored_version import HOSTILE, TABLES

EDGE = datetime(2026, 11, 11, 0, 30)


def test_a_mirror_has_every_value_as_it_is_published(server, publish, bring):
    place, ask = server
    publish(1, 1200)
    assert bring() == TABLES
    assert ask(place, "SELECT count(*), sum(paid_yuan), count(customer_id) FROM orders") == [
        (1200, Decimal("12.00"), 0)
    ]
    row = """SELECT sales_channel, ordered_at, ordered_date, paid_yuan, status, is_retained FROM orders
        WHERE order_id = 'E7'"""
    assert ask(place, row) == [(HOSTILE, EDGE, date(2026, 11, 11), Decimal("0.01"), "", True)]
    assert ask(place, "SELECT count(*) FROM trust_freshness") == [(1,)]
    assert ask(place, "SELECT version, data_through FROM publication") == [
        ("000001-2026-11-11", date(2026, 11, 11))
    ]


def test_columns_have_types_labels_keys_and_indexes_a_tool_can_use(server, publish, bring):
    place, ask = server
    publish(1, 1)
    bring()
    if place.conn_type == "postgres":
        labelled = """SELECT column_name, data_type, col_description('bi.orders'::regclass, ordinal_position)
            FROM information_schema.columns WHERE table_schema = 'bi' AND table_name = 'orders'"""
        keys = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'bi' AND tablename = 'orders'"
    else:
        labelled = """SELECT column_name, column_type, column_comment FROM information_schema.columns
            WHERE table_schema = 'bi' AND table_name = 'orders'"""
        keys = "SELECT column_name FROM information_schema.statistics WHERE table_name = 'orders'"
    found = {name: (kind.lower(), label) for name, kind, label in ask(place, labelled)}
    assert found["order_id"] == (
        "character varying" if place.conn_type == "postgres" else "varchar(64)",
        "订单号",
    )
    assert found["paid_yuan"][0].startswith(("numeric", "decimal(18,2)"))
    assert found["paid_yuan"][1] == "实付金额(元)"
    assert found["ordered_at"][0] in ("timestamp without time zone", "datetime")
    assert not [name for name, (kind, _) in found.items() if "text" in kind]
    indexed = " ".join(str(row[0]) for row in ask(place, keys))
    assert all(
        name in indexed for name in ("source_id", "order_id", "ordered_date", "shop_id", "customer_id")
    )


def test_the_reader_may_read_and_nothing_else(server, publish, bring):
    place, ask = server
    for number in (1, 2):
        publish(number, number)
        bring()
        assert ask(place, "SELECT count(*) FROM orders", "bi_reader", "reader-secret") == [(number,)]
    for forbidden in ("DELETE FROM orders", "CREATE TABLE mine (a INT)", "DROP TABLE orders"):
        with pytest.raises((psycopg.Error, pymysql.Error), match=r"denied|must be owner"):
            ask(place, forbidden, "bi_reader", "reader-secret")


def test_a_reader_who_is_not_there_is_not_made(server, publish, home):
    place, ask = server
    publish(1, 1)
    brought = update_mirrors(home, (Mirror("m", "bi_db", "nobody_yet"),), {"bi_db": place}.__getitem__)
    with pytest.raises(Unavailable, match="m: "):
        brought.raise_failures()
    with pytest.raises((psycopg.Error, pymysql.Error), match=r"denied|failed"):
        ask(place, "SELECT 1", "nobody_yet", "")


def test_every_published_table_can_be_read_and_only_rows_has_to_be_quoted(server, publish, bring):
    place, ask = server
    publish(1, 0, names=tuple(marts()))
    described = published().values()
    assert bring() == len(described)
    columns = {
        bi.shown_table(table): [bi.shown_name(column) for column in table.columns] for table in described
    }
    columns["trust_loads"].remove("rows")  # a word of MySQL and MariaDB; docs/reading.md says so
    for name, wanted in columns.items():
        assert ask(place, f"SELECT {', '.join(wanted)} FROM {name} WHERE 1 = 0") in ([], ()), name


def test_the_same_version_again_does_nothing_and_a_new_one_takes_what_changed(server, publish, bring):
    publish(1, 3)
    assert (bring(), bring()) == (TABLES, 0)
    publish(2, 4)
    assert bring() == 2
    place, ask = server
    assert ask(place, "SELECT count(*), max(version) FROM orders, publication") == [(4, "000002-2026-11-11")]


def test_a_mirror_that_was_stopped_half_way_is_brought_there_by_the_next_run(
    server, publish, bring, monkeypatch
):
    place, ask = server
    publish(1, 3)
    bring()
    publish(2, 4)
    part = "_replace" if place.conn_type == "postgres" else "_swap"
    with monkeypatch.context() as patch:
        patch.setattr(f"followthrough.publish.mirrors.{place.conn_type}.{part}", lambda *_: 1 / 0)
        with pytest.raises(Unavailable, match="shop_floor: ZeroDivisionError"):
            bring()
    assert ask(place, "SELECT count(*), max(version) FROM orders, publication") == [(3, "000001-2026-11-11")]
    assert bring() == 2
    assert ask(place, "SELECT count(*), max(version) FROM orders, publication") == [(4, "000002-2026-11-11")]


def test_readers_in_a_loop_see_no_gap_and_no_mixture(server, publish, bring):
    """A version has as many orders as its shop_daily and its number say: every answer agrees with itself."""
    place, ask = server
    publish(1, 500)
    bring()
    told, failed, over = [], [], threading.Event()

    def read() -> None:
        query = """SELECT (SELECT count(*) FROM orders), (SELECT orders FROM shop_daily),
            (SELECT version FROM publication)"""
        while not over.is_set():
            try:
                told.extend(ask(place, query, "bi_reader", "reader-secret"))
            except (psycopg.Error, pymysql.Error) as error:
                failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(2, 9):
        publish(number, 500 * number)
        bring()
        time.sleep(0.1)
    over.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert {(orders, daily, int(version[:6]) * 500) for orders, daily, version in told} <= {
        (500 * n, 500 * n, 500 * n) for n in range(1, 9)
    }
    assert len({version for *_, version in told}) > 3, "readers did not meet the swaps"


def test_a_transaction_of_a_reader_sees_one_version_from_first_to_last(postgres, publish, home):
    place = postgres
    postgres_query(place, "DROP SCHEMA IF EXISTS bi CASCADE")
    wanted = (Mirror("m", "bi_db", "bi_reader"),)
    publish(1, 3)
    update_mirrors(home, wanted, {"bi_db": place}.__getitem__)
    with psycopg.connect(
        host=place.host, port=place.port, user="bi_reader", password="reader-secret", dbname=place.schema
    ) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        first = reader.execute("SELECT count(*) FROM bi.orders").fetchone()
        publish(2, 4)
        update_mirrors(home, wanted, {"bi_db": place}.__getitem__)
        again = reader.execute("SELECT count(*) FROM bi.orders").fetchone()
        version = reader.execute("SELECT version FROM bi.publication").fetchone()
    assert (first, again, version) == ((3,), (3,), ("000001-2026-11-11",))


def test_a_table_whose_columns_changed_is_made_anew_and_one_that_is_gone_goes(
    server, publish, bring, monkeypatch
):
    place, ask = server
    publish(1, 3)
    bring()
    lean = {name: table for name, table in published().items() if name != "marts.stages"}
    monkeypatch.setattr("followthrough.publish.mirrors.tables.published", lambda: lean)
    publish(2, 3)
    bring()
    with pytest.raises((psycopg.Error, pymysql.Error)):
        ask(place, "SELECT * FROM stages")
    assert ask(place, "SELECT count(*) FROM orders") == [(3,)]


def test_one_mirror_that_cannot_be_reached_holds_up_no_other_and_tells_no_secret(server, publish, home):
    place, ask = server
    publish(1, 2)
    nowhere = type(place)(place.conn_type, "127.0.0.1", 1, "loader", "hidden-word", "x")
    places = {"dead": nowhere, "bi_db": place, "odd": type(place)("sqlite", "", 0, "", "", "")}
    wanted = tuple(Mirror(name, name) for name in ("dead", "odd", "bi_db"))
    brought = update_mirrors(home, wanted, places.__getitem__)
    assert list(brought.taken) == ["bi_db"]
    with pytest.raises(Unavailable) as caught:
        brought.raise_failures()
    assert "dead: OperationalError" in str(caught.value)
    assert "odd: ConfigError" in str(caught.value)
    assert "hidden-word" not in str(caught.value)
    assert ask(place, "SELECT count(*) FROM orders") == [(2,)]


def test_without_mirrors_or_versions_nothing_is_done(home):
    assert update_mirrors(home, (), lambda _: None) == Brought()
    assert update_mirrors(home, (Mirror("m", "c"),), lambda _: None) == Brought()


@pytest.mark.parametrize(
    "document",
    [
        {"mirrors": 1},
        {"mirrors": {"m": 1}},
        {"mirrors": {"m": {}}},
        {"mirrors": {"m": {"connection": "c", "x": 1}}},
    ],
)
def test_what_a_mirror_cannot_be_is_told_with_its_table(document):
    with pytest.raises(ConfigError, match=r"sources\.toml: \[?mirrors"):
        mirrors("sources.toml", document)


def test_a_mirror_is_declared_by_its_connection():
    assert mirrors("f", {"mirrors": {"m": {"connection": "c", "reader": "r"}}}) == (Mirror("m", "c", "r"),)
