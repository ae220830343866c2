"""Whatever a crash left half done is finished or undone; the switch of the pointer decides which."""

import pytest

from followthrough.publish.publish import switch
from followthrough.versions import candidate, history, recovery
from followthrough.versions.history import Manifest


@pytest.fixture
def laid_out(home):
    """Put the files of version ``number`` where they belong, and no more than that."""

    def laid_out(number: int) -> Manifest:
        version = f"{number:06}-2026-09-{number:02}"
        made = Manifest(version, version[7:], None, "", "run", "f", "k", (), {}, {}, 0, ())
        for folder in (home.private(version).parent, home.published / version):
            folder.mkdir()
        (home.published / version / "manifest.json").write_text(made.to_json(), "utf-8")
        return made

    return laid_out


def test_a_version_switched_to_is_taken_into_history(home, laid_out):
    made = laid_out(1)
    switch(home, made.version)
    recovery.finish(home)
    assert history.read_manifest(home, made.version) == made


def test_folders_of_a_version_never_switched_to_are_removed(home, laid_out):
    first, second = laid_out(1), laid_out(2)
    switch(home, first.version)
    recovery.finish(home)
    assert not (home.published / second.version).exists()
    assert not home.private(second.version).parent.exists()
    assert (home.published / first.version).exists()
    assert home.current.readlink().name == first.version


def test_versions_a_rollback_left_behind_are_kept(home, laid_out):
    first, second = laid_out(1), laid_out(2)
    for made in (first, second):
        history.keep(home, made)
    switch(home, first.version)
    recovery.finish(home)
    assert (home.published / second.version).exists()
    assert home.private(second.version).parent.exists()


def test_a_candidate_is_left_to_its_run(home):
    candidate.start(home, None)
    recovery.finish(home)
    assert home.candidate.exists()


def test_nothing_happens_in_a_home_that_never_published(home):
    recovery.finish(home)
    assert history.versions(home) == []


def test_a_pointer_to_a_version_that_was_deleted_stops_nothing(home, laid_out):
    made = laid_out(1)
    history.keep(home, made)
    home.current.symlink_to("000009-2026-09-09")
    recovery.finish(home)
    assert history.head(home) == made
