"""The sample written as a folder."""

import pyarrow.parquet as pq
import pytest

from followthrough.clock import SHANGHAI
from followthrough.sample import Sample, write


@pytest.fixture(scope="module")
def small():
    return Sample(people=40, nights=8)


@pytest.fixture(scope="module")
def folder(small, tmp_path_factory):
    directory = tmp_path_factory.mktemp("sample")
    heard = []
    write(small, directory, progress=heard.append)
    assert heard == [f"2026-09-0{number}" for number in range(1, 9)]
    return directory


def test_every_delivery_lies_under_source_and_night(small, folder):
    expected = {
        f"{d.source}/{small.night(index)}/{d.name}": d
        for index in range(1, 9)
        for d in small.deliveries(small.night(index))
    }
    written = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "truth"
    }
    assert written.keys() == expected.keys()
    for name, path in written.items():
        assert path.read_bytes() == expected[name].body
        wall = expected[name].exported_at.replace(tzinfo=SHANGHAI).timestamp()
        assert path.stat().st_mtime == wall


def test_the_truth_lies_beside_as_tables(small, folder):
    truth = small.truth(small.last_night)
    tables = {path.stem: pq.read_table(path) for path in (folder / "truth").glob("*.parquet")}
    assert set(tables) == {
        "people",
        "identifiers",
        "observations",
        "events",
        "orders",
        "refunds",
        "bill_differences",
        "stages",
    }
    assert tables["people"]["person_id"].to_pylist() == truth.people
    assert tables["identifiers"].num_rows == len(truth.identifiers)
    assert set(tables["observations"]["record"].to_pylist()) == {each.record for each in truth.observations}
    assert tables["events"].column_names == [
        "person_id",
        "kind",
        "on",
        "fen",
        "order_id",
        "delivered_night",
    ]
    assert tables["events"].num_rows == len(truth.events)
    assert tables["orders"].num_rows == len(truth.orders)
    assert tables["refunds"]["kind"].to_pylist() == [each.kind for each in truth.refunds]
    assert tables["stages"].num_rows == sum(map(len, truth.stages.values()))


def test_writing_twice_gives_equal_files(small, folder, tmp_path):
    write(small, tmp_path)
    for path in folder.rglob("*"):
        if path.is_file():
            assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes()
