"""A folder's files are read once, and every change of them is seen, whatever an index says."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from followthrough.index import folders
from followthrough.index.folders import listing, save, subfolders
from followthrough.paths import Home, write_atomically


@pytest.fixture
def folder(home):
    """A folder with two records and the bytes of a file."""
    folder = home.landing / "shop"
    folder.mkdir()
    (folder / "b").write_bytes(b"bytes")
    for name in ("b", "a"):
        write(folder, name, name.upper())
    return folder


def write(folder, name, content):
    write_atomically(folder / f"{name}.json", json.dumps({"is": content}).encode())


def said(entry):
    return entry["is"]


def test_names_and_records_are_sorted_and_hidden_files_are_none(home, folder):
    (folder / ".c.json.1.2").write_text("{")
    (folder / ".d.json").write_text("{")
    found = listing(home, folder, said)
    assert found.names == ("a.json", "b", "b.json")
    assert [*found.records.items()] == [("a", "A"), ("b", "B")]


def test_a_folder_that_is_not_there_has_no_files(home, folder):
    assert listing(home, folder, said).names
    folder.rename(folder.with_name("gone"))
    assert listing(home, folder, said) == folders.Listing((), {})
    assert [*subfolders(folder)] == []


def test_subfolders_are_sorted(home, folder):
    (home.landing / "a").mkdir()
    (home.landing / "file").touch()
    assert [path.name for path in subfolders(home.landing)] == ["a", "shop"]


def test_a_file_is_parsed_once(home, folder, settle):
    settle()
    parsed = []

    def counted(entry):
        parsed.append(entry["is"])
        return entry["is"]

    assert listing(home, folder, counted) is listing(home, folder, counted)
    write(folder, "c", "C")
    settle()
    assert listing(home, folder, counted).records == {"a": "A", "b": "B", "c": "C"}
    assert parsed == ["A", "B", "C"]


def change_in_place(folder):
    (folder / "a.json").write_text('{"is": "X"}')


def replace_by_its_double(folder):
    """A file of the same size and time of change takes its place."""
    status = (folder / "a.json").stat()
    (folder / "beside").write_text('{"is": "X"}')
    os.utime(folder / "beside", ns=(status.st_atime_ns, status.st_mtime_ns))
    (folder / "beside").replace(folder / "a.json")


CHANGES = {
    "replaced": (lambda folder: write(folder, "a", "X"), {"a": "X", "b": "B"}),
    "replaced by its double": (replace_by_its_double, {"a": "X", "b": "B"}),
    "deleted": (lambda folder: (folder / "a.json").unlink(), {"b": "B"}),
    "added": (lambda folder: write(folder, "c", "C"), {"a": "A", "b": "B", "c": "C"}),
}


@pytest.mark.parametrize("has_index", [True, False])
@pytest.mark.parametrize("is_new_process", [True, False])
@pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)
def test_every_change_is_seen_at_once(
    home, folder, eager, settle, forget, change, after, is_new_process, has_index
):
    settle()
    assert listing(home, folder, said).records == {"a": "A", "b": "B"}
    if has_index:
        save(home)
        assert (home.index / "landing" / "shop.index").exists()
    if is_new_process:
        forget()
    change(folder)
    assert listing(home, folder, said).records == after


def test_a_file_written_over_in_place_is_seen_by_the_next_process(home, folder, eager, settle, forget):
    settle()
    listing(home, folder, said)
    save(home)
    forget()
    change_in_place(folder)
    assert listing(home, folder, said).records == {"a": "X", "b": "B"}


def test_a_new_process_reads_only_what_came_since_the_index(home, folder, eager, settle, forget, monkeypatch):
    settle()
    listing(home, folder, said)
    save(home)
    forget()
    write(folder, "c", "C")
    read, content = [], folders._content
    monkeypatch.setattr(folders, "_content", lambda *a: read.append(a[1]) or content(*a))
    assert listing(home, folder, said).records == {"a": "A", "b": "B", "c": "C"}
    assert read == ["c"]


def test_an_index_takes_over_what_it_has_and_drops_what_is_gone(
    home, folder, eager, settle, forget, monkeypatch
):
    settle()
    listing(home, folder, said)
    save(home)
    write(folder, "c", "C")
    (folder / "a.json").unlink()
    settle()
    listing(home, folder, said)
    save(home)
    forget()
    monkeypatch.setattr(folders, "_content", lambda *a: pytest.fail(f"{a} was read"))
    assert listing(home, folder, said).records == {"b": "B", "c": "C"}


DAMAGES = {
    "deleted": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-9]),
    "another letter": lambda path: path.write_bytes(path.read_bytes().replace(b'"A"', b'"Z"')),
    "no text": lambda path: path.write_bytes(bytes(range(256))),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_not_believed(home, folder, eager, settle, forget, damage):
    settle()
    listing(home, folder, said)
    save(home)
    forget()
    damage(home.index / "landing" / "shop.index")
    assert listing(home, folder, said).records == {"a": "A", "b": "B"}


def test_a_few_files_are_not_worth_an_index(home, folder, settle):
    settle()
    listing(home, folder, said)
    save(home)
    assert [*home.index.iterdir()] == []


names = st.sampled_from("abc")
actions = st.lists(
    st.tuples(st.just("write"), names, st.sampled_from("xyz"))
    | st.tuples(st.just("delete"), names)
    | st.tuples(st.sampled_from(["read", "save", "forget", "lose the index"])),
    max_size=20,
)


@limits(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=actions)
def test_whatever_happens_in_whatever_order_the_files_are_what_counts(actions, eager, forget):
    with tempfile.TemporaryDirectory() as place:
        home, truth = Home(Path(place)).create(), {}
        folder = home.receipts / "slug"
        folder.mkdir()
        for what, *of in [*actions, ("read",)]:
            if what == "write":
                truth[of[0]] = of[1]
                write(folder, *of)
            elif what == "delete":
                truth.pop(of[0], None)
                (folder / f"{of[0]}.json").unlink(missing_ok=True)
            elif what == "read":
                assert listing(home, folder, said).records == truth
            elif what == "save":
                save(home)
            elif what == "forget":
                forget()
            else:
                (home.index / "loads" / "slug.index").unlink(missing_ok=True)
