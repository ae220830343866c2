"""What an index holds is what was written, or nothing."""

from followthrough.index import store
from followthrough.index.store import is_behind, read_index, write_index


def test_an_index_read_back_is_the_same_and_nobody_else_may_read_it(home):
    of = home.receipts / "youzan__orders"
    assert read_index(home, of) is None
    home.index.rmdir()
    write_index(home, of, {"订单": [1, 2]})
    assert read_index(home, of) == {"订单": [1, 2]}
    assert read_index(home, home.receipts / "other") is None
    assert home.index.stat().st_mode & 0o777 == 0o700


def test_an_index_of_another_format_is_not_read(home, monkeypatch):
    write_index(home, home.decisions, [1])
    monkeypatch.setattr(store, "_FORMAT", "followthrough index 2")
    assert read_index(home, home.decisions) is None


def test_an_index_is_written_again_only_for_more_than_a_small_share():
    assert not is_behind(60, 0)
    assert is_behind(70, 0)
    assert not is_behind(500, 10_000)
    assert is_behind(600, 10_000)
