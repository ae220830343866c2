"""Notes as the creator centre lists them."""

from datetime import timedelta
from itertools import pairwise

from followthrough.platforms import export
from tests.builders.sample_files import named


def test_note_lists_come_on_two_nights_a_week_and_are_lifetime_totals(delivered, sample, notes_of):
    lists = named(delivered, "笔记列表明细表_")
    assert {d.night.isoweekday() for d in lists} == {3, 4}
    assert any(b.night - a.night == timedelta(days=1) for a, b in pairwise(lists))
    banner, header, *rows = notes_of(lists[-1])
    assert banner[0] == "最多导出排序后前1000条笔记"
    assert tuple(header) == export("xiaohongshu__notes").header
    assert len({(row[0], row[1]) for row in rows}) == len(rows)
    assert all(isinstance(cell, str) for row in rows for cell in row)
    earlier = {(row[0], row[1]): row for row in notes_of(lists[-2])[2:]}
    assert any(int(row[4]) > int(earlier[row[0], row[1]][4]) for row in rows if (row[0], row[1]) in earlier)
