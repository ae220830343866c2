"""One declaration per platform; whatever module lies here (or in a folder named by settings) is found.

A module or package defines ``PLATFORM``. Names are sorted, so that order never depends on the file system.
"""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType

from followthrough.contract import Export, Platform
from followthrough.errors import ConfigError


@cache
def platforms(outside: tuple[Path, ...] = ()) -> dict[str, Platform]:
    """All declared platforms by name: the package's own and those in the folders ``outside``."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    for folder in outside:
        modules.extend(_load_outside(folder))
    found = {module.PLATFORM.name: module.PLATFORM for module in modules}
    if len(found) < len(modules):
        raise ConfigError("two platform modules declare the same name", "rename one of them")
    _refuse_twins(found.values())
    return dict(sorted(found.items()))


def exports(outside: tuple[Path, ...] = ()) -> dict[str, Export]:
    """All declared exports by slug."""
    return {e.slug: e for platform in platforms(outside).values() for e in platform.exports}


def export(slug: str, outside: tuple[Path, ...] = ()) -> Export:
    """The export called ``slug``; KeyError where nothing is."""
    return exports(outside)[slug]


def _load_outside(folder: Path) -> Iterable[ModuleType]:
    for path in sorted(folder.glob("*.py")):
        name = f"followthrough_outside_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ConfigError(f"{path}: not a Python module", "name the folder of the declarations")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        yield module


def _refuse_twins(found: Iterable[Platform]) -> None:
    """Two exports recognised by the same names could never be told apart."""
    seen: dict[frozenset[str], str] = {}
    for export_ in (e for platform in found for e in platform.exports):
        twin = seen.setdefault(frozenset(export_.recognise), export_.slug)
        if twin != export_.slug:
            raise ConfigError(
                f"{export_.slug} and {twin} are recognised by the same names",
                "add a name only one of them has",
            )
