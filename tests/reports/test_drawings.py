"""Drawings that are kept: made once for what they show, dropped when no page asks for them."""

import pytest

from followthrough.reports.drawings import Drawings


@pytest.fixture
def drawn():
    """How often something was drawn."""
    return []


@pytest.fixture
def get(home, drawn):
    """Ask a new process's drawings for what is shown."""

    def draw():
        drawn.append(1)
        return f"图 {len(drawn)}", f"chart {len(drawn)}"

    def get(*shown):
        drawings = Drawings(home.drawings)
        return [drawings.get(each, draw) for each in shown], drawings

    return get


def test_what_is_the_same_is_drawn_once(get, drawn):
    assert get({"rows": [1, 2]}, {"rows": [1, 2]})[0] == [("图 1", "chart 1")] * 2
    assert get({"rows": [1, 2]})[0] == [("图 1", "chart 1")]
    assert len(drawn) == 1


def test_another_figure_is_drawn_anew(get, drawn):
    get({"rows": [1, 2], "title": "net"}, {"rows": [1, 3], "title": "net"}, {"rows": [1, 2], "title": "new"})
    assert len(drawn) == 3


def test_only_the_drawings_of_the_last_pages_are_kept(get, home):
    get({"rows": [1]}, {"rows": [2]})
    _, last = get({"rows": [2]}, {"rows": [3]})
    assert len(list(home.drawings.iterdir())) == 3
    last.drop_unused()
    assert len(list(home.drawings.iterdir())) == 2


def test_the_folder_may_be_deleted(get, home, drawn):
    get({"rows": [1]})
    for path in home.drawings.iterdir():
        path.unlink()
    home.drawings.rmdir()
    assert get({"rows": [1]})[0] == [("图 2", "chart 2")]
    assert [path.stat().st_mode & 0o777 for path in home.drawings.iterdir()] == [0o600]
