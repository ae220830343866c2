"""Lines are parsed once, in short form, and a file that is not what was read is read anew."""

import json

import pytest

from followthrough.index import lines
from followthrough.index.lines import save, short_lines, whole_lines

LONG = {"of": "verdict", "checks": ["long", "list"]}


def shorten(line):
    return {key: value for key, value in line.items() if key != "checks"}


@pytest.fixture
def path(home):
    """A file of two complete lines and one that is still being written."""
    path = home.decisions
    path.write_text(f'{json.dumps({"of": "note"})}\n{json.dumps(LONG)}\n{{"of": "to')
    return path


def test_lines_are_short_and_complete_ones_whole_where_asked(home, path):
    assert short_lines(home, path, shorten) == [{"of": "note"}, {"of": "verdict"}]
    assert [*whole_lines(home, path, shorten, lambda line: line["of"] == "verdict")] == [LONG]
    assert [*whole_lines(home, path, shorten, lambda line: line["of"] == "note")] == [{"of": "note"}]


def test_a_file_that_is_not_there_has_no_lines(home, path):
    assert short_lines(home, path, shorten)
    path.unlink()
    assert [*short_lines(home, path, shorten)] == []
    assert [*whole_lines(home, path, shorten, lambda line: True)] == []


def test_a_line_is_parsed_once(home, path, eager, forget):
    shortened = []

    def counted(line):
        shortened.append(line["of"])
        return shorten(line)

    short_lines(home, path, counted)
    path.write_text(path.read_text() + 'rn"}\n')
    assert [line["of"] for line in short_lines(home, path, counted)] == ["note", "verdict", "torn"]
    save(home)
    forget()
    with path.open("a") as file:
        file.write('{"of": "new"}\n')
    assert [line["of"] for line in short_lines(home, path, counted)] == ["note", "verdict", "torn", "new"]
    assert shortened == ["note", "verdict", "torn", "new"]
    assert [*whole_lines(home, path, counted, lambda line: line["of"] in ("verdict", "new"))] == [
        LONG,
        {"of": "new"},
    ]


CHANGES = {
    "a word in the middle": lambda text: text.replace("note", "note".upper()),
    "a line less": lambda text: text.splitlines(keepends=True)[1],
    "the torn line cut off": lambda text: text[: text.rfind("\n") + 1],
    "another file": lambda text: '{"of": "other"}\n',
    "nothing": lambda text: "",
}


@pytest.mark.parametrize("is_new_process", [True, False])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_that_is_not_what_was_read_is_read_anew(home, path, eager, forget, change, is_new_process):
    short_lines(home, path, shorten)
    save(home)
    if is_new_process:
        forget()
    text = change(path.read_text())
    path.write_text(text)
    complete = [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]
    assert [*short_lines(home, path, shorten)] == [shorten(line) for line in complete]
    assert [*whole_lines(home, path, shorten, lambda line: True)] == complete


@pytest.mark.parametrize("damage", [lambda index: index[:-5], lambda index: index.replace(b"note", b"nope")])
def test_a_damaged_index_is_not_believed(home, path, eager, forget, damage):
    short_lines(home, path, shorten)
    save(home)
    forget()
    (index,) = (home.index / "history").iterdir()
    assert b"note" in index.read_bytes()
    index.write_bytes(damage(index.read_bytes()))
    assert short_lines(home, path, shorten) == [{"of": "note"}, {"of": "verdict"}]


def test_a_few_lines_are_not_worth_an_index(home, path):
    short_lines(home, path, shorten)
    save(home)
    assert [*home.index.iterdir()] == []
    assert lines._known[path].unindexed == 2
