"""Which field of a form asks what is said by its source, and nothing else."""

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from followthrough.contracts.export import Form
from followthrough.load.load import load_platform
from followthrough.load.receipts import receipts
from followthrough.parse.forms import export_of_form
from followthrough.platforms import export
from followthrough.settings import Source
from followthrough.settings.forms import complaint
from followthrough.versions.effective_loads import current_receipts

FORMS = {"survey": Form(always=("phone",), some=("nps", "stars")), "lead": Form(always=("phone",))}
SURVEY = {"kind": "survey", "phone": "field_3", "nps": "field_1"}


@pytest.mark.parametrize(
    ("forms", "form", "message", "remedy"),
    [
        (FORMS, "field_3", "form is not a table of texts", "write form = {"),
        (FORMS, {"kind": "lead", "phone": 3}, "form is not a table of texts", "write form = {"),
        (FORMS, {"kind": "lead", "phone": ""}, "form is not a table of texts", "write form = {"),
        (FORMS, {}, "form.kind '' is no kind of form", "use one of: survey, lead"),
        (FORMS, {"kind": "quiz"}, "form.kind 'quiz' is no kind of form", "use one of: survey, lead"),
        (FORMS, {"kind": "lead"}, "form.phone is not said", 'add form.phone = "…"'),
        (FORMS, {"kind": "survey", "phone": "a"}, "none of the questions nps, stars is said", "form.nps"),
        (
            FORMS,
            {"kind": "lead", "phone": "a", "nps": "b"},
            "form.nps is no question of a lead",
            "take it out",
        ),
        ({}, SURVEY, "form is for platforms whose forms people design", "take it out"),
    ],
)
def test_what_a_source_says_of_its_form_is_checked(forms, form, message, remedy):
    found = complaint(forms, form)
    assert found
    assert message in found[0]
    assert remedy in found[1]


@pytest.mark.parametrize(
    ("forms", "form"), [(FORMS, SURVEY), (FORMS, {"kind": "lead", "phone": "x"}), ({}, {})]
)
def test_what_is_said_as_it_should_be_is_no_complaint(forms, form):
    assert complaint(forms, form) is None


def test_a_question_becomes_its_field_and_what_is_not_asked_is_null():
    asked = export_of_form(export("jinshuju__entries"), SURVEY).by_name
    assert asked["phone_hmac"].source == ('$."field_3"',)
    assert (asked["stars"].source, asked["stars"].sql) == ((), "NULL::VARCHAR")
    assert asked["entry_id"] == export("jinshuju__entries").by_name["entry_id"]


@pytest.fixture
def settings(settings):
    """One source with a survey, in an empty home."""
    source = Source("survey", "jinshuju", "问卷", form=SURVEY)
    return replace(settings, sources=(source,))


def entries(**answers: object) -> bytes:
    times = dict.fromkeys(("created_at", "updated_at"), "2026-09-01T16:00:00.000Z")
    return json.dumps({"total": 1, "count": 1, "data": [{"serial_number": 1, **answers, **times}]}).encode()


def scores(settings, receipt) -> list[tuple[object, ...]]:
    path = settings.home.bronze(receipt.slug, receipt.load_id)
    return duckdb.sql(f"SELECT nps, stars, phone_hmac IS NOT NULL FROM read_parquet('{path}')").fetchall()


def test_files_are_read_again_when_the_form_is_said_to_be_another(settings, load_bytes):
    before = load_bytes(entries(field_1=9, field_2=3, field_3="13800000001"), "survey")
    assert scores(settings, before) == [(9, None, True)]
    said = replace(settings.sources[0], form={**SURVEY, "nps": "field_2"})
    mended = replace(settings, sources=(said,))
    load_platform(mended, "jinshuju")
    (after,) = current_receipts(mended)
    assert scores(mended, after) == [(3, None, True)]
    assert len([*receipts(settings.home)]) == 2
    assert [*current_receipts(settings)] == [before]
    assert load_platform(mended, "jinshuju").files == 0


def test_a_field_of_any_name_is_only_ever_a_name(settings, load_bytes, tmp_path: Path):
    odd = """a"b'; .*$"""
    said = replace(settings.sources[0], form={**SURVEY, "nps": odd})
    kept = load_bytes(entries(**{odd: 7, "field_3": ""}), "survey")
    mended = replace(settings, sources=(said,))
    load_platform(mended, "jinshuju")
    (after,) = current_receipts(mended)
    assert after.load_id != kept.load_id
    assert scores(mended, after) == [(7, None, False)]


def test_a_file_of_another_form_is_refused_by_the_field_it_lacks(settings, load_bytes):
    refused = load_bytes(entries(field_2="13800000001", field_3="王"), "survey")
    assert (refused.accepted, refused.refused["code"]) == (0, "missing_field")
    assert "no row has the field field_1, in which the source survey says nps" in refused.refused["message"]
    assert "form.nps" in refused.refused["remedy"]
    nothing = load_bytes(b'{"total": 0, "count": 0, "data": []}', "survey")
    assert nothing.accepted == 0
