"""What a build sets out to make, and when there is nothing to make."""

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from followthrough.errors import ConfigError, Held
from followthrough.load.hmac_key import fingerprint, read_key
from followthrough.load.receipts import Receipt
from followthrough.publish.publish import switch
from followthrough.runs.journal import Run
from followthrough.versions import history
from followthrough.versions.effective_loads import Change, EffectiveLoad
from followthrough.versions.history import AppliedLoad, Manifest
from followthrough.warehouse import build

AT = datetime(2026, 9, 2, 2)


def run(day: int) -> Run:
    return Run("run", date(2026, 9, day), datetime(2026, 9, day + 1, 9))


@pytest.fixture
def load(home):
    """An effective load made under the home's key."""
    key = fingerprint(read_key(home))
    return EffectiveLoad(Receipt("l1", "youzan_moss", "0", "youzan__orders", 1, "x.csv", key, "r"), AT)


@pytest.fixture
def parent(settings, home, load):
    """A published version of night 2026-09-10 that knows the load since night 2026-09-01."""
    applied = AppliedLoad("l1", "0", "youzan__orders", "youzan_moss", "2026-09-01", AT.isoformat())
    made = Manifest(
        "000001-2026-09-10",
        "2026-09-10",
        None,
        "",
        "run 0",
        build.fingerprint(settings),
        load.receipt.key_fingerprint,
        (applied,),
        {},
        {},
        0,
        (),
    )
    folder = home.published / made.version
    folder.mkdir()
    (folder / "manifest.json").write_text(made.to_json(), "utf-8")
    (folder / "followthrough.duckdb").touch()
    history.keep(home, made)
    switch(home, made.version)
    return made


def test_a_new_load_is_known_since_tonight_and_a_known_one_since_it_was(settings, load, parent):
    other = replace(load, receipt=replace(load.receipt, load_id="l2", sha256="1"))
    planned = build._plan(settings, run(11), parent, [load, other])
    assert {found.load_id: found.known_night for found in planned.loads} == {
        "l1": "2026-09-01",
        "l2": "2026-09-11",
    }
    assert (planned.night, planned.parent) == ("2026-09-11", parent.version)


def test_a_file_read_again_under_another_contract_keeps_its_night(settings, load, parent):
    again = replace(load, receipt=replace(load.receipt, load_id="l9", contract_version=2))
    (found,) = build._plan(settings, run(11), parent, [again]).loads
    assert (found.load_id, found.known_night) == ("l9", "2026-09-01")


def test_a_source_whose_loads_are_published_cannot_vanish(settings, parent):
    fewer = replace(settings, sources=tuple(s for s in settings.sources if s.id != "youzan_moss"))
    with pytest.raises(ConfigError, match=r"youzan_moss has published loads .* -> put it back"):
        build._plan(fewer, run(11), parent, [])


def test_what_is_known_never_goes_back(settings, load, parent):
    assert build._plan(settings, run(5), parent, [load]).night == "2026-09-10"


def test_loads_made_under_another_key_are_not_mixed(settings, load):
    stranger = replace(load, receipt=replace(load.receipt, key_fingerprint="another"))
    with pytest.raises(ConfigError, match=r"HMAC key .* -> restore the key"):
        build._plan(settings, run(1), None, [stranger])


def test_a_home_whose_key_was_exchanged_is_not_built(settings, home, load, parent):
    home.key.write_bytes(b"x" * 32)
    with pytest.raises(ConfigError, match="HMAC key"):
        build._plan(settings, run(11), parent, [])


def test_the_published_night_again_is_already_published(settings, home, load, parent):
    planned = build._plan(settings, run(10), parent, [load])
    assert build._is_published(home, parent, planned)


@pytest.mark.parametrize("lost", ["night", "rules", "pointer", "file"])
def test_what_readers_do_not_see_is_not_published(settings, home, load, parent, lost):
    planned = build._plan(settings, run(11 if lost == "night" else 10), parent, [load])
    if lost == "rules":
        planned = replace(planned, fingerprint="changed")
    elif lost == "pointer":
        home.current.unlink()
    elif lost == "file":
        (home.current / "followthrough.duckdb").unlink()
    assert not build._is_published(home, parent, planned)


def test_nothing_is_built_during_a_hold(settings, home, parent):
    history.decide(home, "rollback", AT, {"version": "v1", "left": "v2", "reason": "错价", "by": "me"})
    with pytest.raises(
        Held, match=r"on hold since the rollback to v1 \(错价\) -> run `followthrough resume`"
    ):
        build.build_candidate(settings, run(11))


def test_the_fingerprint_changes_with_the_rules_and_the_configuration(settings, monkeypatch, tmp_path):
    before = build.fingerprint(settings)
    assert build.fingerprint(settings) == before
    assert build.fingerprint(replace(settings, shops={"s": "另一家"})) != before
    (tmp_path / "m.sql").write_text("select 1")
    assert build.fingerprint(replace(settings, outside=(tmp_path,))) != before
    monkeypatch.setattr(build, "DBT_PROJECT", tmp_path)
    assert build.fingerprint(settings) != before


def test_an_incremental_build_needs_both_files_of_its_parent_and_the_same_rules(settings, home, load, parent):
    def why(night: Run, version: Manifest | None, **changed: str) -> str:
        planned = replace(build._plan(settings, night, version, [load]), **changed)
        return build._why_anew(settings, night, version, planned, Change((), ()), dbt=None)

    assert why(run(11), None) == "there is no version yet"
    assert why(run(11), parent) == f"files of {parent.version} are missing"
    home.private(parent.version).parent.mkdir()
    home.private(parent.version).touch()
    assert why(replace(run(11), full=True), parent) == "a full build was asked for"
    assert "have changed" in why(run(11), parent, fingerprint="changed")


def test_a_change_nobody_follows_makes_everything_anew_and_names_its_export(settings, home, load, parent):
    home.private(parent.version).parent.mkdir()
    home.private(parent.version).touch()
    planned = build._plan(settings, run(11), parent, [load])
    orders, products = settings.exports["youzan__orders"], settings.exports["sheets__products"]
    stg = [_staged(model, entity) for e in (orders, products) for entity, model in e.feeds.items()]
    manifest = SimpleNamespace(sources={}, nodes={node.name: node for nodes in stg for node in nodes})
    for export, why in ((orders, ""), (products, f"{products.label} changed")):
        gone = AppliedLoad("1" * 16, "f" * 64, export.slug, "some_source", "2026-09-10", "2026-09-11")
        dbt = SimpleNamespace(manifest=manifest)
        assert build._why_anew(settings, run(11), parent, planned, Change((), (gone,)), dbt) == why


def _staged(model: str, entity: str) -> tuple[SimpleNamespace, SimpleNamespace]:
    """A staging model and a kept one made of it."""
    kept = f"int_of_{entity}_of_{model}"
    return _node("staging", model, "view"), _node("intermediate", kept, "incremental", model)


def _node(layer: str, name: str, materialized: str, *parents: str) -> SimpleNamespace:
    return SimpleNamespace(
        name=name,
        resource_type="model",
        fqn=["followthrough", layer, name],
        config=SimpleNamespace(materialized=materialized),
        depends_on=SimpleNamespace(nodes=parents),
    )
