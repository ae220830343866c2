"""How a check says that it was not asked tonight, because nothing it is about was made anew."""

import re

_OF_VERSION = re.compile(r" in \d{6}-\d{4}-\d\d-\d\d$")


def earlier_result(passed: bool, observed: str, parent: str) -> str:
    """What is observed of a check that keeps its parent's result: "passed in 000003-2026-09-03"."""
    if is_earlier(observed):
        return observed
    return f"{'passed' if passed else observed} in {parent}"


def is_earlier(observed: str) -> bool:
    """Whether the check was asked in an earlier version only."""
    return bool(_OF_VERSION.search(observed))
