"""What is built follows from what changed: all of it, and nothing else."""

from types import SimpleNamespace

import pytest

from followthrough.warehouse.model_graph import all_names, fed_by, following, kept, lineage, upstream_of


def _model(layer: str, name: str, *parents: str, kind: str = "model") -> SimpleNamespace:
    return SimpleNamespace(
        name=name,
        resource_type=kind,
        fqn=["shop", layer, name],
        config=SimpleNamespace(materialized="incremental" if name in ("stg_orders", "int_net") else "table"),
        depends_on=SimpleNamespace(nodes=parents),
    )


@pytest.fixture
def manifest() -> SimpleNamespace:
    """Orders and refunds of a shop, and what the night writes itself."""
    sources = {
        f"source.{group}.{name}": SimpleNamespace(source_name=group, name=name)
        for group, name in (
            ("shop", "shop__orders"), ("shop", "shop__refunds"), ("run", "night"), ("run", "shops"),
        )
    }  # fmt: skip
    models = [
        _model("staging", "stg_orders", "source.shop.shop__orders"),
        _model("staging", "stg_refunds", "source.shop.shop__refunds"),
        _model("seeds", "words", kind="seed"),
        _model("intermediate", "int_net", "stg_orders", "stg_refunds"),
        _model("intermediate", "int_open", "stg_orders", "source.run.night"),
        _model("marts", "orders", "int_net", "int_open"),
        _model("marts", "words_of_shops", "words", "source.run.shops"),
        _model("tests", "orders_add_up", "orders", kind="test"),
    ]
    return SimpleNamespace(sources=sources, nodes={model.name: model for model in models})


def test_a_night_without_a_load_builds_what_depends_on_the_night(manifest):
    assert fed_by(manifest, ()) == {"int_open", "orders"}


def test_an_export_with_loads_builds_all_that_follows_from_it_and_no_more(manifest):
    assert fed_by(manifest, {"shop__refunds"}) == {"stg_refunds", "int_net", "int_open", "orders"}


def test_what_is_kept_is_behind_staging(manifest):
    assert kept(manifest) == {"int_net"}


def test_what_follows_from_a_model_goes_to_the_end_and_includes_it(manifest):
    assert following(manifest, "stg_refunds") == {"stg_refunds", "int_net", "orders", "orders_add_up"}
    assert following(manifest, "nobody") == set()


def test_what_settings_decide_is_left_to_a_full_build(manifest):
    assert "words_of_shops" not in fed_by(manifest, {"shop__orders", "shop__refunds"})
    assert "words_of_shops" in all_names(manifest)


def test_a_model_is_made_of_all_before_it(manifest):
    assert upstream_of(manifest, "int_net") == {"int_net", "stg_orders", "stg_refunds"}


def test_each_mart_knows_the_exports_behind_it(manifest):
    assert lineage(manifest) == [("orders", "shop__orders"), ("orders", "shop__refunds")]


def test_what_only_chooses_rows_is_no_origin_of_them(manifest):
    """Who is made anew tonight follows from contacts too, and no order comes from a contact."""
    contacts = "source.shop.shop__contacts"
    manifest.sources[contacts] = SimpleNamespace(source_name="shop", name="shop__contacts")
    touched = _model("intermediate", "int_touched_customers", contacts)
    touched.fqn.insert(2, "touched")
    manifest.nodes["int_touched_customers"] = touched
    manifest.nodes["int_net"].depends_on.nodes = ("stg_orders", "stg_refunds", "int_touched_customers")
    assert lineage(manifest) == [("orders", "shop__orders"), ("orders", "shop__refunds")]
    assert fed_by(manifest, {"shop__contacts"}) >= {"int_touched_customers", "int_net", "orders"}
