"""The import graph of a package's modules, read from its files."""

import ast
from collections.abc import Iterator
from pathlib import Path


def imports(package: Path) -> dict[str, set[str]]:
    """Every module under the folder with the modules of the folder that it imports.

    Every import counts, in a function or for the type checker only. Parent packages that Python imports on
    the way to a module do not count.
    """
    files = {_name(path, package): path for path in sorted(package.rglob("*.py"))}
    return {
        module: {_known(names, files) for names in _imported(module, path)} - {module, ""}
        for module, path in files.items()
    }


def _name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _known(names: tuple[str, ...], files: dict[str, Path]) -> str:
    return next((name for name in names if name in files), "")


def _imported(module: str, path: Path) -> Iterator[tuple[str, ...]]:
    """The modules an imported name may refer to: itself, or the one it is in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name,) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = _above(module, path, node.level) if node.level else []
            origin = ".".join([*start, *filter(None, [node.module])])
            yield from ((f"{origin}.{alias.name}", origin) for alias in node.names)


def _above(module: str, path: Path, level: int) -> list[str]:
    """The package that the leading dots of an import refer to."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    return package[: len(package) - level + 1]
