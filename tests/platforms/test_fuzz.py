"""Good files of every platform, damaged anywhere: each is read or refused by name, and no row is lost."""

import io
from datetime import datetime

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from followthrough import platforms
from followthrough.ingest.landing import Sighting, land
from followthrough.load.load import load_platform
from followthrough.load.receipts import receipts
from followthrough.paths import Home
from followthrough.settings import SampleSettings, Settings, Source
from tests.builders.platform_fixtures import EXPORTS, fixture

PIECES = [
    *(bytes([one]) for one in b"\0\xff\xe8\"',\n\r\t`={]\\-"),
    *(text.encode() for text in ("，", "9" * 40, "\\ud800", "<td>")),
    "苔".encode("gbk"),
    b"PK\x03\x04",
]
PLACE = st.floats(0, 1, exclude_max=True)
DAMAGE = st.one_of(
    st.tuples(st.just("insert"), PLACE, st.sampled_from(PIECES)),
    st.tuples(st.just("flip"), PLACE, st.integers(1, 255)),
    st.tuples(st.just("cut"), PLACE, st.integers(1, 300)),
    st.tuples(st.just("repeat"), PLACE, st.integers(1, 300)),
)


def damaged(content, damages):
    body = bytearray(content)
    for kind, where, what in damages:
        place = int(where * len(body))
        if kind == "insert":
            body[place:place] = what
        elif kind == "flip" and body:
            body[place] ^= what
        elif kind == "cut":
            del body[place : place + what]
        elif kind == "repeat":
            body[place:place] = body[place : place + what]
    return bytes(body)


def check(folder, export, content):
    """Load it; every receipt says which rows came to what, or why none did."""
    platform = platforms.platforms()[export.platform]
    source = Source("source", platform.name, platform.label, issuers={n: n for n in platform.settings})
    settings = Settings(Home(folder).create(), (source,), {}, {}, SampleSettings(), settle_seconds=0)
    land(settings.home, "source", io.BytesIO(content), Sighting("file", datetime(2026, 9, 2)))
    load_platform(settings, platform.name)
    found = [*receipts(settings.home)]
    assert found
    for receipt in found:
        counted = (receipt.accepted, receipt.quarantined)
        assert receipt.rows == sum(counted) + sum(receipt.excluded.values())
        if receipt.refused:
            assert counted == (0, 0)
            assert all(receipt.refused.values())
        else:
            assert (
                rows_of(settings.home.bronze(receipt.slug, receipt.load_id)),
                rows_of(settings.home.quarantine(receipt.slug, receipt.load_id)),
            ) == counted


def rows_of(path):
    query = f"SELECT count(DISTINCT row_number) FROM read_parquet('{path}')"
    return duckdb.sql(query).fetchall()[0][0] if path.exists() else 0


def fuzzed(examples):
    """Run a test on so many damaged files; reports the first that fails, without making it smaller."""
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    phases = (Phase.explicit, Phase.generate)
    return limits(max_examples=examples, deadline=None, suppress_health_check=quiet, phases=phases)


@pytest.mark.parametrize("slug", EXPORTS)
@fuzzed(6)
@given(damages=st.lists(DAMAGE, min_size=1, max_size=3))
def test_a_damaged_file_is_read_or_refused_and_loses_no_row(tmp_path_factory, slug, damages):
    export = EXPORTS[slug]
    check(tmp_path_factory.mktemp("home") / "home", export, damaged(fixture(export, "good"), damages))


@pytest.mark.soak
@pytest.mark.parametrize("slug", EXPORTS)
@fuzzed(100)
@given(damages=st.lists(DAMAGE, min_size=1, max_size=4))
def test_a_file_damaged_in_hundreds_of_ways_loses_no_row(tmp_path_factory, slug, damages):
    export = EXPORTS[slug]
    check(tmp_path_factory.mktemp("home") / "home", export, damaged(fixture(export, "good"), damages))
