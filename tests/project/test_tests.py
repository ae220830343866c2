"""What tests share is in tests/builders/; no test module and no conftest is imported."""

from pathlib import Path

from followthrough.paths import PROJECT
from tests.builders.import_graph import imports


def misplaced(tests: Path) -> list[str]:
    """Imports of what is no builder: of a test module or a conftest."""
    return sorted(
        f"{module} imports {other}"
        for module, others in imports(tests).items()
        for other in others
        if not other.startswith(f"{tests.name}.builders.")
    )


def test_what_tests_share_is_a_builder() -> None:
    assert misplaced(PROJECT / "tests") == []


def test_a_test_that_imports_a_test_or_a_conftest_is_found(tmp_path: Path) -> None:
    files = {
        "tests/builders/orders.py": "from tests.load.test_load import ORDER",
        "tests/load/conftest.py": "from tests.builders.orders import order",
        "tests/load/test_load.py": "def test():\n    from tests.load import conftest",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert misplaced(tmp_path / "tests") == [
        "tests.builders.orders imports tests.load.test_load",
        "tests.load.test_load imports tests.load.conftest",
    ]
