"""Readers see the version before or the version after, whole, and nothing that was not checked."""

import hashlib
import json
import shutil
import threading
from dataclasses import replace
from datetime import datetime

import duckdb
import pytest

from followthrough.checks.mart_gate import check_marts
from followthrough.errors import Superseded
from followthrough.index import store
from followthrough.index.store import read_index
from followthrough.publish import publish as publishing
from followthrough.publish.catalogue import marts
from followthrough.publish.publish import publish_candidate, switch
from followthrough.publish.summaries import summarise
from followthrough.versions import candidate, history


def test_a_published_version_is_whole_and_in_history(settings, home, built):
    made = publish_candidate(settings, built(1))
    folder = home.current.resolve()
    assert (made.version, made.parent, made.night) == ("000001-2026-09-01", None, "2026-09-01")
    assert history.read_manifest(home, made.version) == made
    assert history.manifest_from((folder / "manifest.json").read_text("utf-8")) == made
    assert summarise(folder / "followthrough.duckdb", {}) == made.tables
    assert set(made.tables) > {"marts.t", "trust.loads"}
    assert not home.candidate.exists()


def test_the_manifest_has_the_hash_of_every_file_also_of_those_linked(settings, home, built, monkeypatch):
    hashed, real = [], publishing.sha256_of
    monkeypatch.setattr(publishing, "sha256_of", lambda path: hashed.append(path.name) or real(path))
    for number in (1, 2):
        night = built(number)
        with duckdb.connect(str(candidate.public_file(home))) as connection:
            connection.execute("CREATE TABLE marts.same AS SELECT 1 AS n")
        hashed.clear()
        made = publish_candidate(settings, night)
    folder = home.published / made.version
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    files.pop("manifest.json")
    assert made.files == {n: hashlib.sha256(path.read_bytes()).hexdigest() for n, path in files.items()}
    assert made == history.head(home)
    assert {"followthrough.duckdb", "t.parquet"} <= {*hashed}
    assert "same.parquet" not in hashed


def test_a_manifest_of_before_there_were_hashes_of_files_is_read(settings, home, built):
    made = publish_candidate(settings, built(1))
    entry = json.loads(made.to_json())
    entry.pop("files")
    assert history.manifest_from(json.dumps(entry)) == replace(made, files={})


def test_a_loose_candidate_is_published_dense(settings, home, built):
    night = built(1)
    for database in (candidate.public_file(home), candidate.private_file(home)):
        with duckdb.connect(str(database)) as connection:
            for statement in (
                "CREATE TABLE main.gone AS SELECT hash(i) AS n FROM range(300000) AS r(i)",
                "CHECKPOINT",
                "CREATE TABLE main.kept AS SELECT hash(i) AS n FROM range(100000) AS r(i)",
                "CHECKPOINT",
                "DROP TABLE main.gone",
            ):
                connection.execute(statement)
    loose = [f.stat().st_size for f in (candidate.public_file(home), candidate.private_file(home))]
    made = publish_candidate(settings, night)
    files = (home.published / made.version / "followthrough.duckdb", home.private(made.version))
    assert all(file.stat().st_size < size / 2 for file, size in zip(files, loose, strict=True))
    assert files[0].stat().st_mode & 0o777 == 0o444
    with duckdb.connect(str(files[0]), read_only=True) as connection:
        assert connection.execute("SELECT number FROM marts.t").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) FROM duckdb_views() WHERE schema_name = 'bi'").fetchall()


def test_publishing_brings_the_indexes_up_to_date(settings, home, built, monkeypatch):
    monkeypatch.setattr(store, "_LAG", 0)
    monkeypatch.setattr(store, "_LAG_SHARE", 0)
    history.decide(home, "note", datetime(2026, 9, 2, 8), {"text": "read by publish"})
    publish_candidate(settings, built(1))
    assert read_index(home, home.decisions)["lines"] == [*history.decisions(home)]


def test_readers_can_read_what_is_published_and_nobody_can_write_it(settings, home, built):
    publish_candidate(settings, built(1))
    assert (home.current / "followthrough.duckdb").stat().st_mode & 0o777 == 0o444
    assert (home.current / "manifest.json").stat().st_mode & 0o777 == 0o644
    assert home.private("000001-2026-09-01").parent.stat().st_mode & 0o777 == 0o700


def test_every_table_lies_beside_as_parquet(settings, home, built):
    made = publish_candidate(settings, built(1))
    folder = home.current / "parquet"
    files = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.parquet")}
    assert files == {name.replace(".", "/") for name in made.tables}
    assert duckdb.sql(f"SELECT number FROM read_parquet('{folder}/marts/t.parquet')").fetchall() == [(1,)]


def test_a_version_writes_only_the_months_it_changed_and_they_outlive_the_one_before(settings, home, built):
    typed = ", ".join(f"{column.name} {column.type}" for column in marts()["orders"].columns)
    folders = []
    for number, days in ((1, ["2026-08-31", "2026-09-01"]), (2, ["2026-08-31", "2026-09-01", "2026-09-02"])):
        night = built(number)
        with duckdb.connect(str(candidate.public_file(home))) as connection:
            connection.execute(f"CREATE TABLE marts.orders ({typed})")
            connection.execute("INSERT INTO marts.orders (ordered_date) SELECT unnest(?::DATE[])", [days])
        folders.append(home.published / publish_candidate(settings, night).version / "parquet/marts/orders")
    before, after = folders
    months = {path.stem: path for path in after.iterdir()}
    assert {m: path.samefile(before / path.name) for m, path in months.items()} == {
        "2026-08": True,
        "2026-09": False,
    }
    shutil.rmtree(before.parents[2])
    assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{after}/*.parquet')").fetchall() == [(3,)]


def test_asking_twice_gives_the_same_version(settings, built):
    night = built(1)
    assert publish_candidate(settings, night) == publish_candidate(settings, night)
    assert history.versions(settings.home) == ["000001-2026-09-01"]


def test_a_run_of_long_ago_asked_again_gives_its_version_and_leaves_the_pointer(settings, home, built):
    """Somebody clears a task of an old night: nothing is judged, nothing is switched."""
    old = built(1)
    first = publish_candidate(settings, old)
    second = publish_candidate(settings, built(2))
    assert check_marts(settings, old) == []
    assert publish_candidate(settings, old) == first
    assert history.head(home) == second


def test_asked_again_after_a_crash_behind_the_switch_history_knows_the_version(settings, home, built):
    night = built(1)
    made = publish_candidate(settings, night)
    shutil.rmtree(home.history / made.version)
    assert publish_candidate(settings, night) == made
    assert history.read_manifest(home, made.version) == made


def test_a_candidate_that_was_not_checked_is_not_published(settings, home, built):
    with pytest.raises(Superseded, match="gate 2"):
        publish_candidate(settings, built(1, checked=False))
    assert not home.current.is_symlink()


def test_a_candidate_is_not_published_over_a_version_that_came_between(settings, home, built):
    publish_candidate(settings, built(1))
    night = built(2)
    planned = candidate.read(home, night)
    candidate.save(home, replace(planned, parent=None))
    with pytest.raises(Superseded, match="meanwhile"):
        publish_candidate(settings, night)
    assert history.head(home).version == "000001-2026-09-01"


def test_a_candidate_damaged_on_its_way_is_never_switched_to(settings, home, built, monkeypatch):
    night = built(1)
    told = {"marts.t": {"rows": 7, "rows_hash": "0"}}
    answers = iter([told])
    real = publishing.summarise
    monkeypatch.setattr(publishing, "summarise", lambda *asked: next(answers, None) or real(*asked))
    with pytest.raises(Exception, match="does not hold what was built"):
        publish_candidate(settings, night)
    assert not home.current.is_symlink()


def test_three_private_and_seven_published_versions_are_kept_and_the_current(settings, home, built):
    made = publish_candidate(settings, built(1))
    for number in range(2, 11):
        version = f"{number:06}-2026-09-{number:02}"
        history.keep(home, replace(made, version=version))
        for path in (home.private(version).parent, home.published / version):
            path.mkdir()
    publish_candidate(settings, built(2))
    private = sorted(p.name[:6] for p in (home.root / "warehouse").iterdir())
    published = sorted(p.name[:6] for p in home.published.iterdir() if not p.is_symlink())
    assert private == ["000009", "000010", "000011"]
    assert published == [f"{number:06}" for number in range(5, 12)]
    assert len(history.versions(home)) == 11


def test_the_version_readers_see_is_kept_however_old(settings, home, built):
    made = publish_candidate(settings, built(1))
    for number in range(2, 12):
        history.keep(home, replace(made, version=f"{number:06}-2026-09-{number:02}"))
    publishing._prune(home)
    assert (home.current / "followthrough.duckdb").exists()


def test_a_reader_during_fifty_switches_sees_only_whole_versions(home, settings, built):
    for number in (1, 2):
        publish_candidate(settings, built(number))
    names, seen, done = history.versions(home), set(), threading.Event()
    failures: list[Exception] = []

    def read() -> None:
        while not done.is_set():
            try:
                folder = home.current.resolve(strict=True)
                with duckdb.connect(str(folder / "followthrough.duckdb"), read_only=True) as connection:
                    (number,) = connection.execute("SELECT number FROM marts.t").fetchone()
                manifest = history.manifest_from((folder / "manifest.json").read_text("utf-8"))
                seen.add((manifest.sequence, number))
            except Exception as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(50):
        switch(home, names[turn % 2])
    while len(seen) < 1 and not failures:
        pass
    done.set()
    reader.join()
    assert not failures
    assert seen <= {(1, 1), (2, 2)}
