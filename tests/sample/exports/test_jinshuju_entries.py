"""Entries of the two forms, as the interface gives them."""

from datetime import datetime, timedelta

import pytest


@pytest.fixture(scope="module")
def entries_of(delivered, read_documents):
    """The entries of each file of a source, after a look at its pages."""

    def entries_of(source):
        for d in (d for d in delivered if d.source == source):
            pages = read_documents(d)
            assert all(len(page["data"]) == page["count"] <= 50 for page in pages)
            assert {page["total"] for page in pages} == {sum(page["count"] for page in pages)}
            assert [page["next"] is None for page in pages] == [page is pages[-1] for page in pages]
            yield d, [entry for page in pages for entry in page["data"]]

    return entries_of


@pytest.mark.parametrize("source", ["jinshuju_survey", "jinshuju_leads"])
def test_a_file_holds_all_entries_so_far_by_number_in_utc(entries_of, source):
    for d, entries in entries_of(source):
        numbers = [entry["serial_number"] for entry in entries]
        assert numbers == [*range(1, len(numbers) + 1)]
        for entry in entries:
            sent, edited = (datetime.fromisoformat(entry[name]) for name in ("created_at", "updated_at"))
            assert sent <= edited
            assert edited.replace(tzinfo=None) + timedelta(hours=8) < d.exported_at + timedelta(seconds=1)
            assert str(sent.tzinfo) == "UTC"


def test_an_answer_can_be_edited_into_another(entries_of):
    found = {}
    for _, entries in entries_of("jinshuju_survey"):
        for entry in entries:
            found.setdefault(entry["serial_number"], set()).add((entry["updated_at"], entry["field_1"]))
    assert any(len({score for _, score in versions}) > 1 for versions in found.values())
    assert {score for versions in found.values() for _, score in versions} >= {0, 6, 8, 9, 10}
