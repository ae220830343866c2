"""SQL two engines run: what only DuckDB knows, or what engines disagree on, stays out of the project."""

import re
from pathlib import Path

import pytest

from followthrough.paths import DBT_PROJECT

AVOIDED = {
    "QUALIFY": r"\bqualify\b",
    "a cast by ::": r"::",
    "columns of a star": r"\*\s*(exclude|except|replace)\b|\bcolumns\s*\(",
    "GROUP BY ALL": r"\b(group|order)\s+by\s+all\b",
    "GROUP BY a number": r"\bgroup\s+by\s+\d",
    "FILTER": r"\bfilter\s*\(",
    "integer division": r"(?<!:)//",
    "division": r"(?<![/*])/(?![/*])",
    "arg_max": r"\b(arg_max|arg_min|max_by|min_by|any_value|first|last)\s*\(",
    "ASOF": r"\basof\b",
    "formats of times": r"\bstr[pf]time\b|\bto_(char|date|timestamp)\s*\(",
    "interval arithmetic": r"\binterval\b",
    "regular expressions": r"\b(regexp_\w+|rlike|similar\s+to)\b|~",
    "lists and structs": r"\b(list|array|struct|map)(_\w+)?\s*[(<\[]|\bunnest\b|\blambda\b|->",
    "inexact numbers": r"\b(float|double|real)\b",
    "MERGE": r"\bmerge\s+into\b",
    "a quoted name": r'"',
    "IS DISTINCT FROM": r"\bis\s+(not\s+)?distinct\s+from\b",
    "a clock": r"\b(now|today|current_date|current_timestamp|getdate)\b",
}
JINJA = re.compile(r"\{\{ config\(.*?\n\) \}\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
FILES = sorted(
    path
    for folder in ("models", "macros", "tests")
    for path in (DBT_PROJECT / folder).rglob("*.sql")
    if not {"generated", "database"} & {*path.parts}
)


def sql_of(path: Path) -> str:
    """The file without Jinja and comments; texts keep their quotes only."""
    text = re.sub(r"--.*", "", JINJA.sub(" x ", path.read_text("utf-8")))
    return re.sub(r"'[^']*'", "''", text).lower()


def test_there_is_something_to_look_at():
    assert len(FILES) > 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_keeps_to_what_both_engines_know(path):
    found = {name: re.findall(pattern, sql_of(path)) for name, pattern in AVOIDED.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_hooks_call_a_macro_of_the_project_and_hold_no_sql_of_their_own(path):
    hooks = re.findall(r"(?:pre|post)_hook\s*=\s*(.*)", path.read_text("utf-8"))
    call = r"\"\{\{ \w+\((?:'\" ~ slug ~ \"'|\" ~ kinds ~ \")\) \}\}\",?"
    assert [hook for hook in hooks if not re.fullmatch(call, hook)] == []


def test_what_is_generated_holds_names_only():
    text = (DBT_PROJECT / "macros/generated/declarations.sql").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"'\w+': \[('\w+'(, )?)*\],", line)] == []


@pytest.mark.parametrize(
    "text",
    [
        "select a::int",
        "select * exclude (b) from t",
        "select count(*) filter (where a)",
        "select 7 // 2",
        "select arg_max(a, b)",
        "select cast(a as double)",
        "group by all",
        "qualify row_number() over () = 1",
        "select strftime(a, '%Y')",
        "select list_filter(a, x -> x)",
        "select regexp_matches(a, 'b')",
        "select a / b",
    ],
)
def test_the_list_finds_what_it_is_about(text):
    assert any(re.search(pattern, text) for pattern in AVOIDED.values())
