"""A check that was not asked tonight never says that it passed tonight."""

import pytest

from followthrough.versions.earlier_results import earlier_result, is_earlier


@pytest.mark.parametrize(
    ("passed", "observed", "said"),
    [
        (True, "", "passed in 000003-2026-09-03"),
        (True, "none of tonight's rows", "passed in 000003-2026-09-03"),
        (False, "2 rows", "2 rows in 000003-2026-09-03"),
        (True, "passed in 000001-2026-09-01", "passed in 000001-2026-09-01"),
        (False, "2 rows in 000001-2026-09-01", "2 rows in 000001-2026-09-01"),
    ],
)
def test_the_version_it_was_asked_in_is_named_and_stays_named(passed, observed, said):
    assert earlier_result(passed, observed, "000003-2026-09-03") == said
    assert is_earlier(said)


@pytest.mark.parametrize("observed", ["", "2 rows", "none of tonight's rows", "observed 17"])
def test_what_was_asked_tonight_is_not_earlier(observed):
    assert not is_earlier(observed)
