"""Which models of the dbt project follow from which, read off its parsed manifest."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

_CONFIGURED = ("brands", "entries", "platforms", "shops", "sources")
"""Tables of ``run`` that settings alone decide; where those change, everything is built anew."""


def all_names(manifest: Any) -> set[str]:
    """All models and seeds."""
    return {node.name for node in manifest.nodes.values() if node.resource_type in ("model", "seed")}


def upstream_of(manifest: Any, model: str) -> set[str]:
    """The model and all models and seeds it is made of."""
    start = next(key for key, node in manifest.nodes.items() if node.name == model)
    return {
        manifest.nodes[key].name for key in _reachable([start], _parents(manifest)) if key in manifest.nodes
    }


def fed_by(manifest: Any, exports: Collection[str]) -> set[str]:
    """Models that may change in a night in which only these exports have new or withdrawn loads.

    That is all that follows from them or from what each night writes into the schema ``run``.
    """
    changed = [
        key
        for key, source in manifest.sources.items()
        if (source.name not in _CONFIGURED if source.source_name == "run" else source.name in exports)
    ]
    nodes = (manifest.nodes[key] for key in _reachable(changed, _children(manifest)) if key in manifest.nodes)
    return {node.name for node in nodes if node.resource_type == "model"}


def kept(manifest: Any) -> set[str]:
    """Models behind staging of which a night makes only some rows anew."""
    return {
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model"
        and node.config.materialized == "incremental"
        and node.fqn[1] != "staging"
    }


def following(manifest: Any, model: str) -> set[str]:
    """The model and all models made of it."""
    start = [key for key, node in manifest.nodes.items() if node.name == model]
    return {
        manifest.nodes[key].name for key in _reachable(start, _children(manifest)) if key in manifest.nodes
    }


def lineage(manifest: Any) -> list[tuple[str, str]]:
    """Pairs of a mart and an export some of its rows may come from, sorted."""
    return sorted(
        (node.name, slug)
        for node in manifest.nodes.values()
        if node.resource_type == "model" and node.fqn[1] == "marts"
        for slug in _exports_behind(manifest, node)
    )


def _exports_behind(manifest: Any, node: Any) -> set[str]:
    # Which rows are made anew follows from exports that no value of them comes from.
    values = {
        key: parents
        for key, parents in _parents(manifest).items()
        if not _chooses_rows(manifest.nodes.get(key))
    }
    behind = _reachable(node.depends_on.nodes, values)
    sources = (manifest.sources[key] for key in behind if key in manifest.sources)
    return {source.name for source in sources if source.source_name != "run"}


def _chooses_rows(node: Any) -> bool:
    return node is not None and "touched" in node.fqn


def _parents(manifest: Any) -> dict[str, list[str]]:
    return {key: list(getattr(node.depends_on, "nodes", ())) for key, node in manifest.nodes.items()}


def _children(manifest: Any) -> dict[str, list[str]]:
    children = defaultdict(list)
    for key, parents in _parents(manifest).items():
        for parent in parents:
            children[parent].append(key)
    return children


def _reachable(start: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    waiting, seen = list(start), set()
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting.extend(edges.get(key, ()))
    return seen
