"""Seven nights of the sample against its planted truth, the last but one also rebuilt in full."""

import hashlib
import hmac
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from followthrough.sample.world.entities import ArticleDay
from followthrough.versions.history import Manifest
from tests.builders.nights import SAMPLE, Nights, copy_of, current, marts

NIGHTS = [SAMPLE.night(index) for index in range(30, 37)]
REBUILT = NIGHTS[5:6]
"""One rebuild is enough: what it is compared with is the sum of all increments before it."""


@dataclass(frozen=True)
class Told:
    """What was published for one night, and what a full rebuild with the same history came to."""

    manifest: Manifest
    stages: dict[str, list[tuple[str, date, date | None]]]
    orders: set[tuple[str, str, str]]
    refunds: set[tuple[str, date, str, int]]
    said: dict[str, tuple[str, str, str | None]]
    billed: list[tuple[str, str, date, int, int]]
    owners: dict[tuple[str, str, str], str]
    rebuilt: dict[str, dict[str, object]] | None


@pytest.fixture(scope="module")
def week(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[date, Told]]:
    """Night 30 with the exports of nights 1 to 30, then six nights one by one."""
    home = tmp_path_factory.mktemp("week") / "home"
    told = {}
    for night in NIGHTS:
        outcome = nights.run(home, night)
        assert outcome.status == 0, outcome.output
        rebuilt = None
        if night in REBUILT:
            twin = copy_of(home, home.with_name("twin"))
            assert nights.run(twin, night, full=True).status == 0
            rebuilt = marts(twin)
        told[night] = Told(
            current(home),
            _stages(home),
            _orders(home),
            _refunds(home),
            _said(home),
            _billed(home),
            _owners(home),
            rebuilt,
        )
    return home, told


def _stages(home: Path) -> dict[str, list[tuple[str, date, date | None]]]:
    """The macro stages of every customer in order, neighbours merged."""
    history: dict[str, list[tuple[str, date, date | None]]] = {}
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select customer_id, stage, valid_from, valid_to "
            "from marts.customer_stage_history order by customer_id, valid_from"
        ).fetchall()
    for customer, stage, valid_from, valid_to in rows:
        spans = history.setdefault(customer, [])
        if spans and spans[-1][0] == stage:
            spans[-1] = (stage, spans[-1][1], valid_to)
        else:
            spans.append((stage, valid_from, valid_to))
    return history


def _orders(home: Path) -> set[tuple[str, str, str]]:
    """Number, kind and reason not to count of every order, the reason "" where it is a purchase."""
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select order_id, order_kind, coalesce(not_counted_reason, '') from marts.orders"
        ).fetchall()
    return {(order_id, kind, reason) for order_id, kind, reason in rows}


def _refunds(home: Path) -> set[tuple[str, date, str, int]]:
    """What counted as paid back for every order by day and kind."""
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select order_id, refunded_date, refund_kind, sum(refunded_fen)::bigint from marts.refunds "
            "where refunded_fen > 0 group by all"
        ).fetchall()
    return {(order_id, on, kind, fen) for order_id, on, kind, fen in rows}


def _said(home: Path) -> dict[str, tuple[str, str, str | None]]:
    """Satisfaction, substage and what tells the satisfaction of every customer."""
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select customer_id, satisfaction, substage, satisfaction_source from marts.customers"
        ).fetchall()
    return {customer: tuple(rest) for customer, *rest in rows}


def _billed(home: Path) -> list[tuple[str, str, date, int, int]]:
    """Where bills and shops differ, by cause; none of it but what the days of the shops add up to."""
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select cause, reference, business_date, reported_fen, counted_fen, shop_id "
            "from trust.reconciliation where contains(cause, 'paid') or starts_with(cause, 'payment')"
        ).fetchall()
        days = connection.execute(
            "select shop_id, business_date, reported_fen - counted_fen from trust.payment_days "
            "where reported_fen <> counted_fen"
        ).fetchall()
    by_day: Counter[tuple[str, date]] = Counter()
    for *_, on, reported, counted, shop in rows:
        by_day[shop, on] += reported - counted if shop else 0
    assert {(shop, on): fen for shop, on, fen in days} == {key: fen for key, fen in by_day.items() if fen}
    return sorted(tuple(row[:-1]) for row in rows)


def _owners(home: Path) -> dict[tuple[str, str, str], str]:
    """The customer of every identifier, which is nobody's to read but the test's."""
    private = home / "warehouse" / current(home).version / "private.duckdb"
    with duckdb.connect(str(private), read_only=True) as connection:
        rows = connection.execute(
            "select namespace, issuer, identifier, customer_id from run.customer_identifiers"
        ).fetchall()
    return {(namespace, issuer, identifier): customer for namespace, issuer, identifier, customer in rows}


def _hashed(key: bytes, namespace: str, issuer: str, value: str) -> tuple[str, str, str]:
    digest = hmac.new(key, f"{namespace}|{issuer}|{value}".encode(), hashlib.sha256).hexdigest()
    return namespace, issuer, digest[:32]


def _disagreements(home: Path, told: Told, night: date) -> tuple[list[str], Counter[str]]:
    """People whose published stages differ from the truth, and everybody by whether they could be joined."""
    truth, key = SAMPLE.truth(night), (home / "keys" / "hmac").read_bytes()
    shown: dict[str, set[tuple[str, str, str]]] = {}
    for seen in truth.observations:
        shown.setdefault(seen.person_id, set()).update(_hashed(key, *identifier) for identifier in seen.shows)
    wrong = []
    for person, why_not in truth.joinable.items():
        customers = {told.owners.get(identifier, "nobody") for identifier in shown.get(person, ())}
        expected = [tuple(span) for span in truth.stages.get(person, [])]
        if not why_not and [told.stages.get(c) for c in customers] != [expected]:
            wrong.append(f"{person} as {customers}: expected {expected}")
    return wrong, Counter(truth.joinable.values())


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_every_joinable_person_is_in_the_true_stage_on_every_date(
    week: tuple[Path, dict[date, Told]], night: date
) -> None:
    home, told = week
    wrong, people = _disagreements(home, told[night], night)
    assert not wrong, f"{len(wrong)} of {people['']}: {wrong[:3]}"
    assert people[""] > 5 * (people["split"] + people["shared_phone"] + people["anonymous_order"]), (
        f"too few can be joined to prove anything: {people}"
    )


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_every_order_is_what_it_truly_is(week: tuple[Path, dict[date, Told]], night: date) -> None:
    assert week[1][night].orders == {tuple(order) for order in SAMPLE.truth(night).orders}


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_every_refund_is_of_its_true_kind(week: tuple[Path, dict[date, Told]], night: date) -> None:
    truth = {tuple(refund) for refund in SAMPLE.truth(night).refunds}
    assert week[1][night].refunds == truth
    assert {kind for _, _, kind, _ in truth} >= {
        "before_shipping",
        "refund_only",
        "return_and_refund",
        "system",
        "unexplained",
    }


def test_every_case_of_an_order_is_met(week: tuple[Path, dict[date, Told]]) -> None:
    orders = {order for told in week[1].values() for order in told.orders}
    assert {kind for _, kind, _ in orders} == {
        "plain",
        "lucky_bag",
        "gift_sent",
        "group_buying",
        "trial",
        "cash_on_delivery",
        "presale_deposit",
        "distribution",
        "giveaway",
        "points_exchange",
    }
    reasons = {"", "unpaid", "closed_unpaid", "group_forming", "group_failed", "below_minimum"}
    assert reasons <= {why for _, _, why in orders}


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_who_has_said_something_or_brought_somebody_is_known(
    week: tuple[Path, dict[date, Told]], night: date
) -> None:
    home, told = week
    truth, key = SAMPLE.truth(night), (home / "keys" / "hmac").read_bytes()
    shown = {
        seen.person_id: _hashed(key, *sorted(seen.shows)[0]) for seen in truth.observations if seen.shows
    }
    for person in (p for p, why_not in truth.joinable.items() if not why_not and p in truth.stages):
        satisfaction, substage, _ = told[night].said[told[night].owners[shown[person]]]
        assert satisfaction == truth.satisfied.get(person, "unknown"), person
        assert (substage == "loyal.advocate") == (person in truth.advocates), person
    assert {source for *_, source in told[night].said.values()} == {None, "rating", "survey", "refund"}
    assert len(truth.advocates) >= 5
    assert {*truth.satisfied.values()} == {"positive", "negative"}


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_where_bills_and_shops_differ_is_listed_by_cause(
    week: tuple[Path, dict[date, Told]], night: date
) -> None:
    truth = SAMPLE.truth(night).bill_differences
    assert week[1][night].billed == [tuple(difference) for difference in truth]
    assert len({difference.cause for difference in truth}) >= 3


@pytest.mark.parametrize("night", REBUILT, ids=str)
def test_the_increment_equals_a_full_rebuild_with_the_same_history(
    week: tuple[Path, dict[date, Told]], night: date
) -> None:
    told = week[1][night]
    published = {name: table for name, table in told.manifest.tables.items() if name.startswith("marts.")}
    assert told.rebuilt == published


def test_what_articles_gained_by_day_and_who_followed_is_what_happened(
    week: tuple[Path, dict[date, Told]],
) -> None:
    gained, followed = {}, [0, 0]
    nights = {SAMPLE.night(index) for index in range(1, 37)}
    for article in (a for a in SAMPLE._world.articles if a.published_on >= SAMPLE.first_night):
        for number, (before, day) in enumerate(pairwise([ArticleDay(0, 0, 0, 0), *article.days])):
            on = article.published_on + timedelta(days=number)
            if on in nights:
                gained[article.title, article.published_on, on] = (
                    day.reads - before.reads,
                    day.favourites - before.favourites,
                    day.reads,
                )
    for follow in SAMPLE._world.follows:
        followed[0] += follow.subscribed_at.date() in nights
        followed[1] += bool(follow.unsubscribed_at) and follow.unsubscribed_at.date() in nights
    with duckdb.connect(
        str(week[0] / "published/current/followthrough.duckdb"), read_only=True
    ) as connection:
        days = connection.execute(
            "select title, published_date, stat_date, views, saves, days.views_total "
            "from marts.content_daily as days join marts.contents using (content_id) "
            "where kind = 'article' and published_date >= ?",
            [SAMPLE.first_night],
        ).fetchall()
        audience = connection.execute(
            "select sum(new_followers), sum(lost_followers) from marts.audience_daily"
        )
        assert audience.fetchall() == [tuple(followed)]
    assert {tuple(day[:3]): tuple(day[3:]) for day in days} == gained
    assert min(saves for _, saves, _ in gained.values()) < 0


def test_a_rerun_of_a_finished_night_is_a_no_op(week: tuple[Path, dict[date, Told]], nights: Nights) -> None:
    home, told = week
    outcome = nights.run(home, NIGHTS[-1])
    assert outcome.status == 0
    assert next(step for step in outcome.steps if step["step"] == "build")["built"] is False
    assert current(home) == told[NIGHTS[-1]].manifest


def test_each_night_is_one_version_on_the_one_before(week: tuple[Path, dict[date, Told]]) -> None:
    manifests = [told.manifest for told in week[1].values()]
    assert [m.night for m in manifests] == [night.isoformat() for night in NIGHTS]
    assert all(later.parent == earlier.version for earlier, later in pairwise(manifests))


def test_what_is_known_keeps_the_night_it_became_known(week: tuple[Path, dict[date, Told]]) -> None:
    first, last = week[1][NIGHTS[0]].manifest, week[1][NIGHTS[-1]].manifest
    assert {load.known_night for load in first.loads} == {NIGHTS[0].isoformat()}
    kept = {load.load_id: load.known_night for load in last.loads}
    assert all(kept[load.load_id] == load.known_night for load in first.loads)
    assert set(kept.values()) == {night.isoformat() for night in NIGHTS}


def test_a_late_source_is_named_and_its_money_is_left_out(week: tuple[Path, dict[date, Told]]) -> None:
    home, told = week
    late = {
        night: m.late_sources for night, m in ((n, t.manifest) for n, t in told.items()) if m.late_sources
    }
    assert late, "the sample delivers a source late in these nights"
    for night, sources in late.items():
        page = (home / "reports" / f"{night}.html").read_text("utf-8")
        assert "数据未齐" in page
        if "youzan_pine" in sources:
            assert "不含 松间生活馆" in page


def test_a_file_dropped_after_publishing_gives_the_next_version_of_the_same_night(
    week: tuple[Path, dict[date, Told]], nights: Nights, tmp_path: Path
) -> None:
    home = copy_of(week[0], tmp_path / "home")
    before = current(home)
    later = next(
        d for d in SAMPLE.deliveries(SAMPLE.night(37)) if d.source == "youzan_moss" and d.name.endswith("csv")
    )
    (home / "inbox" / "youzan_moss" / "late.csv").write_bytes(later.body)
    assert nights.run(home, NIGHTS[-1]).status == 0
    after = current(home)
    assert (after.night, after.parent, after.sequence) == (before.night, before.version, before.sequence + 1)
    assert len(after.loads) == len(before.loads) + 1


def test_a_run_for_an_earlier_night_adds_to_the_published_night(
    week: tuple[Path, dict[date, Told]], nights: Nights, tmp_path: Path
) -> None:
    home = copy_of(week[0], tmp_path / "home")
    later = next(
        d for d in SAMPLE.deliveries(SAMPLE.night(37)) if d.source == "youzan_moss" and d.name.endswith("csv")
    )
    (home / "inbox" / "youzan_moss" / "late.csv").write_bytes(later.body)
    assert nights.run(home, NIGHTS[0]).status == 0
    assert current(home).night == NIGHTS[-1].isoformat()
    assert {load.known_night for load in current(home).loads} == {night.isoformat() for night in NIGHTS}
