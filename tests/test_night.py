"""Which night comes next, and that each step leaves its entry in the journal."""

from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from followthrough import night
from followthrough.errors import ConfigError, FollowthroughError, Superseded
from followthrough.night import choose
from followthrough.publish.publish import switch
from followthrough.runs import journal
from followthrough.runs.journal import Run
from followthrough.versions import history
from followthrough.versions.history import Manifest

TODAY = date(2026, 11, 23)
RUN = Run("run", date(2026, 9, 30), datetime(2026, 10, 1, 9))


@pytest.fixture
def real(settings):
    """The same sources with files dropped by people."""
    sources = tuple(replace(source, transport="inbox") for source in settings.sources)
    return replace(settings, sources=sources)


@pytest.fixture
def published(home):
    """Night 2026-09-30 is published."""
    version = "000001-2026-09-30"
    made = Manifest(version, version[7:], None, "", "run", "f", "k", (), {}, {}, 0, ())
    (home.published / version).mkdir()
    (home.published / version / "manifest.json").write_text(made.to_json(), "utf-8")
    history.keep(home, made)
    switch(home, version)


def test_a_date_is_that_night(settings, real):
    assert choose(settings, "2026-09-15", TODAY) == date(2026, 9, 15)
    assert choose(real, "2026-09-15", TODAY) == date(2026, 9, 15)


def test_a_number_is_a_night_of_the_sample(settings):
    assert choose(settings, "1", TODAY) == date(2026, 9, 1)
    assert choose(settings, "120", TODAY) == date(2026, 12, 29)


@pytest.mark.parametrize("wanted", ["0", "121", "20260930"])
def test_the_sample_has_only_so_many_nights(settings, wanted):
    with pytest.raises(ConfigError, match="1 to 120"):
        choose(settings, wanted, TODAY)


def test_what_is_no_night_is_explained(settings, real):
    with pytest.raises(ConfigError, match=r"'yesterday' is no night.*or a sample night"):
        choose(settings, "yesterday", TODAY)
    with pytest.raises(ConfigError, match=r"'30' is no night -> give a date like 2026-09-30$"):
        choose(real, "30", TODAY)


def test_with_real_sources_it_is_the_day_before(real, published):
    assert choose(real, "", TODAY) == date(2026, 11, 22)


def test_one_real_source_makes_it_real(settings):
    first, *others = settings.sources
    mixed = replace(settings, sources=(replace(first, transport="inbox"), *others))
    assert choose(mixed, "", TODAY) == date(2026, 11, 22)


def test_the_sample_starts_with_night_thirty(settings):
    assert choose(settings, "", TODAY) == date(2026, 9, 30)


def test_the_sample_starts_before_there_is_a_home(settings, tmp_path):
    from followthrough.paths import Home

    assert choose(replace(settings, home=Home(tmp_path / "none")), "", TODAY) == date(2026, 9, 30)


def test_the_sample_goes_on_with_the_night_after_the_published_one(settings, published):
    assert choose(settings, "", TODAY) == date(2026, 10, 1)


def test_a_file_that_waits_is_taken_into_the_night_that_is_open(settings, home, published):
    (home.inbox / "youzan_moss").mkdir()
    (home.inbox / "youzan_moss" / "orders.csv").write_text("x")
    assert choose(settings, "", TODAY) == date(2026, 9, 30)


def test_each_step_leaves_an_entry(settings, home):
    night.pull_and_load(replace(settings, sources=()), RUN, "youzan", {}.__getitem__)
    night.check_loads(settings, RUN)
    entries = {entry["step"]: entry for entry in journal.read(home, RUN.run_id)}
    assert entries["pull_youzan"]["files"] == {}
    assert entries["load_youzan"]["loaded"]["rows"] == 0
    assert entries["check_loads"]["judged"] == {"admitted": 0, "warned": 0, "refused": []}


def test_a_pull_that_fails_still_loads_what_has_landed_and_then_fails(settings, home):
    """One shop has a file, the other's server has no connection."""
    moss, pine = (source for source in settings.sources if source.platform == "youzan")
    (home.inbox / moss.id).mkdir(parents=True)
    (home.inbox / moss.id / "orders.csv").write_text("订单号\n1\n", "utf-8")
    sources = (replace(moss, transport="inbox"), replace(pine, transport="sftp:", connection="away"))
    with pytest.raises(FollowthroughError, match="away"):
        night.pull_and_load(replace(settings, sources=sources), RUN, "youzan", no_connection)
    pulled, loaded = journal.read(home, RUN.run_id)
    assert [entry["step"] for entry in (pulled, loaded)] == ["pull_youzan", "load_youzan"]
    assert "error" in pulled
    assert loaded["loaded"]["files"] == 1


def no_connection(name):
    raise ConfigError(f"there is no connection {name}", "make it")


def test_before_the_first_version_there_is_no_workbook_to_write(settings, home):
    assert night.workbook(settings, RUN) == ""
    (entry,) = journal.read(home, RUN.run_id)
    assert (entry["step"], entry["workbook"]) == ("workbook", "")


def test_a_workbook_that_fails_is_in_the_journal(settings, home, published):
    with pytest.raises(duckdb.IOException):
        night.workbook(settings, RUN)
    (entry,) = journal.read(home, RUN.run_id)
    assert (entry["step"], entry["error"]) == ("workbook", "IOException")


@pytest.mark.parametrize("step", [night.check_marts, night.publish])
def test_a_step_without_a_candidate_says_so_in_the_journal(settings, home, step):
    with pytest.raises(Superseded):
        step(settings, RUN)
    (entry,) = journal.read(home, RUN.run_id)
    assert (entry["step"], entry["error"]) == (step.__name__, "Superseded")
