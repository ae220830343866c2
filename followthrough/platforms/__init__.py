"""Finds the declarations of platforms: every module or package here, or in the folders of the settings.

Each defines ``PLATFORM``. Platforms are sorted by name, independent of the file system.
"""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType

from followthrough.contracts.export import Export, Platform
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
    """The export with this slug; KeyError if there is none."""
    return exports(outside)[slug]


def _load_outside(folder: Path) -> Iterable[ModuleType]:
    for path in sorted(folder.glob("*.py")):
        name = f"followthrough_outside_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ConfigError(f"{path}: not a Python module", "name the folder of the declarations")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except (ImportError, TypeError) as error:
            raise ConfigError(
                f"{path}: {error}", "docs/changelog.md lists what declarations call by another name"
            ) from error
        yield module


def _refuse_twins(found: Iterable[Platform]) -> None:
    """Raise ConfigError if two exports are recognised by the same names."""
    seen: dict[frozenset[str], str] = {}
    for export_ in (e for platform in found for e in platform.exports):
        twin = seen.setdefault(frozenset(export_.recognise), export_.slug)
        if twin != export_.slug:
            raise ConfigError(
                f"{export_.slug} and {twin} are recognised by the same names",
                "add a name only one of them has",
            )
