"""The benchmark of gate 1 measures loads in which nothing is wrong."""

from benchmarks.bench_gate import EXPORTS, measure, passing_loads


def test_the_loads_are_of_as_many_exports_as_the_bound_says_and_pass(settings):
    loads = passing_loads(settings, 2)
    assert len({load.slug for load in loads}) == EXPORTS
    assert not any(load.refused for load in loads)
    assert measure(settings, loads) > 0
    assert (settings.home.reports / "data-docs" / "loads" / "index.html").exists()
