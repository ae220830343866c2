"""The rooms of the package: each imports from those below it alone, and the tests mirror them."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from followthrough.paths import PROJECT
from tests.builders.import_graph import imports

PACKAGE, TESTS = PROJECT / "followthrough", PROJECT / "tests"
ROOMS = (
    "clock",
    "errors",
    "paths",
    "database",
    "index",
    "contracts",
    "parse",
    "platforms",
    "sheets",
    "settings",
    "sample",
    "runs",
    "ingest",
    "load",
    "versions",
    "warehouse",
    "checks",
    "publish",
    "reports",
    "messages",
    "night",
    "arrivals",
    "operate",
    "cli",
)
"""From low to high; rooms named together know nothing of each other."""
ROOMS_OF_THE_SAMPLE = ("world", "deliveries", "exports truth", "sample", "folder")
MOST_ROOT_MODULES = 10
FILE_PARSING = ("followthrough.parse", "openpyxl", "xlrd", "duckdb", "pyarrow")

OTHER_TESTS = {
    "benchmarks",
    "builders",
    "compose",
    "dags",
    "dbt_project",
    "e2e",
    "fixtures",
    "lint",
    "project",
}
"""Folders of tests/ that mirror no room."""
TESTS_OF_NO_MODULE = {
    "ingest/transports/test_night.py",  # a night that pulls by every transport
    "platforms/test_entries.py",  # what all declarations together say of acquisition channels
    "platforms/test_every_platform.py",
    "platforms/test_fuzz.py",
    "publish/mirrors/test_clients.py",  # programs that read a mirror
    "reports/test_in_a_browser.py",
    "reports/test_speed.py",
    "test_everything_that_goes_wrong.py",
    "test_real_bills.py",
}


def climbs(graph: Mapping[str, set[str]], package: str, rooms: Sequence[str]) -> list[str]:
    """Imports between modules of the package from a room that is not below."""
    level = {room: place for place, together in enumerate(rooms) for room in together.split()}
    found = []
    for module, others in graph.items():
        for other in others:
            here, there = _room(module, package), _room(other, package)
            if here and there and here != there and level[there] >= level[here]:
                found.append(f"{module} imports {other}")
    return sorted(found)


def _room(module: str, package: str) -> str:
    """The entry of the package the module is in; "" outside the package and for the package itself."""
    return module.removeprefix(f"{package}.").split(".")[0] if module.startswith(f"{package}.") else ""


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """A circle of modules, if there is one: each is imported by the next."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def entries(package: Path) -> set[str]:
    """The modules and packages at the root of a package."""
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    return modules | {path.parent.name for path in package.glob("*/__init__.py")}


def strays(tests: Path, package: Path) -> set[str]:
    """Test files of rooms that have no module of their name in the same place of the package."""
    files = [path.relative_to(tests) for path in tests.rglob("test_*.py")]
    return {
        f"{path}" for path in files if path.parts[0] not in OTHER_TESTS and not _has_module(path, package)
    }


def _has_module(test: Path, package: Path) -> bool:
    name, folder = test.stem.removeprefix("test_"), package / test.parent
    modules = [folder / f"{name}.py", folder / name / "__init__.py"]
    return any(module.exists() for module in modules) or (folder.name == name and folder.is_dir())


@pytest.fixture(scope="module")
def graph() -> Mapping[str, set[str]]:
    """What imports what in this package."""
    return imports(PACKAGE)


def test_the_root_is_short_and_every_entry_of_it_has_its_place() -> None:
    assert len([*PACKAGE.glob("*.py")]) <= MOST_ROOT_MODULES + 1, "__init__ and ten more"
    assert entries(PACKAGE) == {*ROOMS}
    assert entries(PACKAGE / "sample") == {*" ".join(ROOMS_OF_THE_SAMPLE).split()}


def test_no_room_imports_from_a_higher_one(graph: Mapping[str, set[str]]) -> None:
    assert climbs(graph, "followthrough", ROOMS) == []
    assert climbs(graph, "followthrough.sample", ROOMS_OF_THE_SAMPLE) == []


def test_no_modules_import_each_other(graph: Mapping[str, set[str]]) -> None:
    assert circle(graph) == []


def test_reading_the_configuration_imports_nothing_that_parses_files(tmp_path: Path) -> None:
    program = f"""
import sys
from followthrough.settings import from_environment
assert from_environment({{"FOLLOWTHROUGH_HOME": {str(tmp_path)!r}}}).sources
print(*(name for name in {FILE_PARSING} if name in sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_tests_mirror_the_rooms() -> None:
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders - OTHER_TESTS <= {*ROOMS}
    assert strays(TESTS, PACKAGE) == TESTS_OF_NO_MODULE


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A package of three rooms, as it should be, with a test of one module."""
    files = {
        "house/__init__.py": "",
        "house/clock.py": "",
        "house/parse/__init__.py": "",
        "house/parse/rows.py": "from house import clock",
        "house/load/__init__.py": "",
        "house/load/load.py": "from house.clock import now\nfrom house.parse.rows import rows",
        "tests/load/test_load.py": "",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path / "house"


HOUSE = ("clock", "parse", "load")


def test_a_house_in_order_is_not_complained_about(house: Path) -> None:
    graph = imports(house)
    assert graph["house.load.load"] == {"house.clock", "house.parse.rows"}
    assert climbs(graph, "house", HOUSE) == circle(graph) == []
    assert entries(house) == {*HOUSE}
    assert strays(house.parent / "tests", house) == set()


@pytest.mark.parametrize(
    "climbing",
    [
        "from house.load.load import load",
        "from house.load import load",
        "import house.load.load",
        "from ..load.load import load",
        "def rows():\n    from house.load.load import load",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.load.load import load",
    ],
)
def test_an_import_in_the_wrong_room_is_found(house: Path, climbing: str) -> None:
    (house / "parse" / "header.py").write_text(climbing)
    assert climbs(imports(house), "house", HOUSE) == ["house.parse.header imports house.load.load"]


def test_rooms_named_together_may_not_import_each_other(house: Path) -> None:
    assert climbs(imports(house), "house", ("clock", "parse load")) == [
        "house.load.load imports house.parse.rows"
    ]


def test_a_circle_within_a_room_is_found(house: Path) -> None:
    (house / "load" / "receipts.py").write_text("def write():\n    from house.load.load import load")
    (house / "load" / "load.py").write_text("from house.load.receipts import write")
    assert {*circle(imports(house))} == {"house.load.load", "house.load.receipts"}


def test_a_test_in_the_wrong_room_is_found(house: Path) -> None:
    (house.parent / "tests" / "parse").mkdir()
    (house.parent / "tests" / "parse" / "test_load.py").touch()
    assert strays(house.parent / "tests", house) == {"parse/test_load.py"}
