"""The truth of what was published and decided survives crashes, lost pointers and rollbacks."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date, datetime

import pytest

from followthrough.errors import FollowthroughError
from followthrough.publish.publish import switch
from followthrough.versions import history
from followthrough.versions.history import AppliedLoad, Manifest

AT = datetime(2026, 10, 1, 9)
LOAD = AppliedLoad("l1", "f1", "youzan__orders", "youzan_moss", "2026-09-01", "2026-09-02T02:00:00")


def manifest(number: int, parent: str | None = None) -> Manifest:
    version = f"{number:06}-2026-09-{number:02}"
    checks = {"passed": 1, "warned": 0, "failed": 0}
    return Manifest(version, version[7:], parent, "", "run", "f", "k", (LOAD,), {}, checks, 0, ("wecom",))


@pytest.fixture
def published(home):
    """Publish version ``number`` on ``parent``, as publish and its switch do."""

    def published(number: int, parent: str | None = None) -> str:
        made = manifest(number, parent)
        folder = home.published / made.version
        folder.mkdir(exist_ok=True)
        (folder / "manifest.json").write_text(made.to_json(), "utf-8")
        history.keep(home, made)
        switch(home, made.version)
        return made.version

    return published


def roll_back(home, left: str, version: str) -> None:
    history.decide(home, "rollback", AT, {"version": version, "left": left, "reason": "wrong", "by": "me"})
    switch(home, version)


def test_a_manifest_read_back_is_the_same():
    assert history.manifest_from(manifest(3).to_json()) == manifest(3)


def test_a_manifest_has_a_line_per_load(home):
    history.keep(home, manifest(3))
    text = (home.history / "000003-2026-09-03" / "manifest.json").read_text("utf-8")
    assert json.loads(text) == json.loads(json.dumps(asdict(manifest(3))))
    assert [line for line in text.splitlines() if '"l1"' in line] == [
        "  " + json.dumps(asdict(LOAD)),
    ]


def test_a_version_never_published_is_an_error(home):
    with pytest.raises(FollowthroughError, match="000009-2026-09-09 was never published"):
        history.read_manifest(home, "000009-2026-09-09")


def test_sequences_only_grow(home, published):
    first = published(1)
    second = published(2, first)
    roll_back(home, second, first)
    assert history.next_version(home, date(2026, 9, 1)) == "000003-2026-09-01"
    assert [history.read_manifest(home, v).sequence for v in history.versions(home)] == [1, 2]


def test_the_first_version_is_numbered_one(home):
    assert history.next_version(home, date(2026, 9, 1)) == "000001-2026-09-01"
    assert history.head(home) is None


def test_head_is_what_the_pointer_names(home, published):
    first = published(1)
    published(2, first)
    switch(home, first)
    assert history.head(home).version == first


def test_head_without_pointer_is_the_last_version(home, published):
    second = published(2, published(1))
    home.current.unlink()
    assert history.head(home).version == second


def test_head_of_a_pointer_to_nothing_is_the_last_version(home, published):
    version = published(1)
    (home.published / version).rename(home.root / "lost")
    assert history.head(home).version == version


def test_head_without_pointer_after_rollbacks_is_where_they_led(home, published):
    first = published(1)
    second = published(2, first)
    third = published(3, second)
    roll_back(home, third, second)
    roll_back(home, second, first)
    home.current.unlink()
    assert history.head(home).version == first


def test_head_without_pointer_after_a_rollback_and_another_night_is_that_night(home, published):
    first = published(1)
    roll_back(home, published(2, first), first)
    third = published(3, first)
    home.current.unlink()
    assert history.head(home).version == third


def test_a_torn_last_line_was_never_decided(home):
    history.decide(home, "resume", AT, {"by": "me"})
    with home.decisions.open("ab") as file:
        file.write(b'{"type": "rollback", "version": "00')
    assert [d["type"] for d in history.decisions(home)] == ["resume"]


def test_the_next_decision_cuts_a_torn_line_off(home):
    history.decide(home, "resume", AT, {"by": "me"})
    with home.decisions.open("ab") as file:
        file.write('{"type": "rollback", "reason": "错'.encode()[:-1])
    history.decide(home, "withdraw", AT, {"load_id": "l1", "reason": "错了", "by": "me"})
    lines = [json.loads(line) for line in home.decisions.read_text("utf-8").splitlines()]
    assert [line["type"] for line in lines] == ["resume", "withdraw"]
    assert lines[1] == {
        "type": "withdraw",
        "at": AT.isoformat(),
        "load_id": "l1",
        "reason": "错了",
        "by": "me",
    }


def test_the_last_verdict_of_a_load_counts(home):
    for verdict in ("refused", "admitted"):
        history.decide(home, "verdict", AT, {"load_id": "l1", "verdict": verdict})
    assert history.verdicts(home)["l1"]["verdict"] == "admitted"


def test_decisions_leave_out_the_checks_that_passed_and_whole_verdicts_have_them(home):
    checks = [{"passed": True, "reason": "a"}, {"passed": False, "reason": "b"}]
    for load_id, night in (("l1", "2026-09-01"), ("l2", "2026-09-01"), ("l1", "2026-09-02")):
        verdict = {"load_id": load_id, "night": night, "verdict": "warned", "checks": checks}
        history.decide(home, "verdict", AT, verdict)
    history.decide(home, "note", AT, {"night": "2026-09-01"})
    assert [d.get("checks") for d in history.decisions(home)] == [checks[1:]] * 3 + [None]
    assert history.verdicts(home)["l1"]["checks"] == checks[1:]
    whole = [*history.whole_verdicts(home, night="2026-09-01")]
    assert [(d["load_id"], d["checks"]) for d in whole] == [("l1", checks), ("l2", checks)]
    assert [d["night"] for d in history.whole_verdicts(home, load_id="l1")] == ["2026-09-01", "2026-09-02"]


def test_a_rollback_holds_until_it_is_resumed(home):
    assert history.hold(home) is None
    history.decide(home, "rollback", AT, {"version": "v1", "left": "v2", "reason": "wrong", "by": "me"})
    assert history.hold(home)["reason"] == "wrong"
    history.decide(home, "resume", AT, {"by": "me"})
    assert history.hold(home) is None


def test_a_load_is_withdrawn_until_it_is_restored(home):
    for kind, load_id in (("withdraw", "l1"), ("withdraw", "l2"), ("restore", "l1"), ("withdraw", "l3")):
        history.decide(home, kind, AT, {"load_id": load_id, "by": "me"})
    assert history.withdrawn(home) == {"l2", "l3"}
    history.decide(home, "withdraw", AT, {"load_id": "l1", "by": "me"})
    assert "l1" in history.withdrawn(home)


def test_many_writers_lose_nobody_s_decision(home):
    with ThreadPoolExecutor(8) as writers:
        for number in range(200):
            writers.submit(history.decide, home, "note", AT, {"number": number})
    assert sorted(d["number"] for d in history.decisions(home)) == list(range(200))
