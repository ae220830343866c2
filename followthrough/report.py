"""The page of a night, in Chinese, made from the published version alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.engine import connect
from followthrough.history import Manifest, manifest_from, refused
from followthrough.paths import Home, write_atomically

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TEMPLATES = Path(__file__).with_name("templates")
STAGES = ("audience", "potential", "paying", "loyal")


@dataclass(frozen=True)
class ShopMoney:
    """A shop's money on the night by the day it moved, in fen; None where its orders have not arrived."""

    shop: str
    currency: str
    paid_fen: int | None
    refunded_fen: int | None
    week_ago_net_fen: int | None
    covered_through: date | None

    @property
    def net_fen(self) -> int | None:
        """Paid minus refunded."""
        return (
            None if self.paid_fen is None or self.refunded_fen is None else self.paid_fen - self.refunded_fen
        )


def refresh(home: Home) -> Path:
    """Write the page of the version readers see, and the index that always shows the last one.

    All figures are that version's; a file refused since makes no new version and is told here.
    """
    folder = home.published / home.current.readlink()
    manifest = manifest_from((folder / "manifest.json").read_text("utf-8"))
    with connect(folder / "followthrough.duckdb", read_only=True) as connection:
        facts = _facts(connection, date.fromisoformat(manifest.night))
    since = [d for d in refused(home, manifest.night) if d["at"] > manifest.created_at]
    page = _render(manifest, facts | {"since": since})
    path = home.reports / f"{manifest.night}.html"
    write_atomically(path, page.encode(), mode=0o644)
    write_atomically(home.reports / "index.html", page.encode(), mode=0o644)
    return path


def _render(manifest: Manifest, facts: Mapping[str, Any]) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"yuan": _yuan, "signed": lambda n: f"{n:+,}" if n else "±0"}
    return environment.get_template("night.html").render(manifest=manifest, stages=STAGES, **facts)


def _yuan(fen: int | None) -> str:
    if fen is None:
        return "—"
    sign, fen = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02}"


def _facts(connection: "DuckDBPyConnection", night: date) -> dict[str, Any]:
    shops = _money(connection, night)
    arrived = [shop for shop in shops if shop.paid_fen is not None]
    currencies = sorted({shop.currency for shop in arrived})
    return {
        "labels": dict(_rows(connection, "SELECT DISTINCT stage, stage_label_zh FROM marts.stages")),
        "counts": _counts(connection, night),
        "before": _counts(connection, night - timedelta(days=1)),
        "moves": {(a, b): n for a, b, n in _rows(connection, _MOVES, night)},
        "newcomers": _rows(connection, _NEWCOMERS, night),
        "shops": shops,
        "totals": {c: [s for s in arrived if s.currency == c] for c in currencies},
        "left_out": [shop.shop for shop in shops if shop.paid_fen is None],
        "orders": _rows(connection, _IDENTIFIED, night)[0],
        "behind": _rows(connection, _BEHIND),
        "arrived": _rows(connection, _ARRIVED)[0],
        "refused": _rows(connection, _REFUSED, night),
        "quarantined": _rows(connection, _QUARANTINED),
        "differences": _rows(connection, _DIFFERENCES),
        "warnings": _rows(connection, _WARNINGS),
        "waivers": _rows(connection, "SELECT * EXCLUDE (load_id) FROM trust.waivers ORDER BY ALL"),
    }


def _rows(connection: "DuckDBPyConnection", query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return connection.execute(query, list(parameters)).fetchall()


def _counts(connection: "DuckDBPyConnection", day: date) -> dict[str, int]:
    query = "SELECT stage, sum(customers)::BIGINT FROM marts.stage_daily WHERE stage_date = ? GROUP BY 1"
    return dict.fromkeys(STAGES, 0) | dict(_rows(connection, query, day))


def _money(connection: "DuckDBPyConnection", night: date) -> list[ShopMoney]:
    week_ago = night - timedelta(days=7)
    return [
        ShopMoney(shop, currency, paid if fresh else None, refunded if fresh else None, week_ago_net, covered)
        for shop, currency, paid, refunded, week_ago_net, covered, fresh in _rows(
            connection, _MONEY, night, night, week_ago, week_ago
        )
    ]


_MOVES = """
    SELECT from_stage, to_stage, sum(customers)::BIGINT FROM marts.stage_transitions_daily
    WHERE stage_date = ? GROUP BY ALL
"""
_NEWCOMERS = """
    SELECT channels.label_zh, count(*), count(*) FILTER (stage = 'potential'),
        count(*) FILTER (stage IN ('paying', 'loyal'))
    FROM marts.customers JOIN marts.channels ON acquisition_channel_id = channel_id
    WHERE first_seen_date = ?
    GROUP BY 1 ORDER BY 2 DESC, 1
"""
_MONEY = """
    WITH paid AS (
        SELECT source_id, currency, paid_date AS day, sum(paid_fen)::BIGINT AS fen FROM marts.orders
        WHERE paid_date IS NOT NULL GROUP BY ALL
    ), refunded AS (
        SELECT source_id, currency, refunded_date AS day, sum(refunded_fen)::BIGINT AS fen FROM marts.refunds
        GROUP BY ALL
    ), selling AS (
        SELECT DISTINCT source_id, shop_id, currency FROM marts.orders
    ), fresh AS (
        SELECT source_id, shop_id, label, bool_and(state = 'fresh') AS is_fresh,
            CASE WHEN bool_and(covered_through IS NOT NULL) THEN min(covered_through) END AS covered
        FROM trust.freshness
        WHERE cadence <> 'on_demand' AND (carries LIKE '%orders%' OR carries LIKE '%refunds%') GROUP BY ALL
    )
    SELECT coalesce(shops.shop_name, fresh.label, s.source_id), currency,
        coalesce((SELECT sum(fen) FROM paid p WHERE p.day = ? AND p.source_id = s.source_id
            AND p.currency = s.currency), 0)::BIGINT,
        coalesce((SELECT sum(fen) FROM refunded r WHERE r.day = ? AND r.source_id = s.source_id
            AND r.currency = s.currency), 0)::BIGINT,
        coalesce((SELECT sum(fen) FROM paid p WHERE p.day = ? AND p.source_id = s.source_id
            AND p.currency = s.currency), 0)::BIGINT
        - coalesce((SELECT sum(fen) FROM refunded r WHERE r.day = ? AND r.source_id = s.source_id
            AND r.currency = s.currency), 0)::BIGINT,
        fresh.covered, coalesce(fresh.is_fresh, false)
    FROM selling s LEFT JOIN marts.shops USING (shop_id) LEFT JOIN fresh USING (source_id)
    UNION ALL
    SELECT shops.shop_name, 'CNY', 0, 0, 0,
        CASE WHEN bool_and(fresh.covered IS NOT NULL) THEN min(fresh.covered) END, bool_and(fresh.is_fresh)
    FROM fresh JOIN marts.shops USING (shop_id)
    WHERE shop_id NOT IN (SELECT shop_id FROM selling WHERE shop_id IS NOT NULL)
    GROUP BY shops.shop_id, shops.shop_name
    ORDER BY 1, 2
"""
_IDENTIFIED = """
    SELECT count(*), count(customer_id), coalesce(sum(paid_fen), 0)::BIGINT,
        coalesce(sum(paid_fen) FILTER (customer_id IS NULL), 0)::BIGINT
    FROM marts.orders WHERE paid_date = ?
"""
_BEHIND = """
    SELECT label, slug, state, covered_through, owner, menu, due_at FROM trust.freshness
    WHERE state NOT IN ('fresh', 'on_demand') ORDER BY ALL
"""
_ARRIVED = """
    SELECT count(*) FILTER (has_come), count(*) FROM (
        SELECT bool_and(state IN ('fresh', 'on_demand')) AS has_come FROM trust.freshness GROUP BY source_id
    )
"""
_REFUSED = """
    SELECT source_id, file_name, refused_because_zh FROM trust.loads
    WHERE verdict = 'refused' AND judged_night = ? ORDER BY ALL
"""
_QUARANTINED = """
    SELECT slug, file_name, reason, coalesce(column_name, ''), count(*), min(line) FROM trust.quarantine
    GROUP BY ALL ORDER BY ALL DESC LIMIT 20
"""
_DIFFERENCES = """
    SELECT cause, count(*), coalesce(sum(reported_fen - counted_fen), 0)::BIGINT FROM trust.reconciliation
    GROUP BY 1 ORDER BY 1
"""
_WARNINGS = """
    SELECT reason, count(*) FROM trust.checks WHERE NOT is_passed GROUP BY 1 ORDER BY 2 DESC, 1
"""
