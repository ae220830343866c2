"""Forms people design themselves: the declaration names the questions, a source says which field is which.

``[sources.<id>] form = { kind = "survey", phone = "field_3", nps = "field_1" }``
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from followthrough.contract import Column, Export, Form, Json
from followthrough.recognise import Recognised, json_names
from followthrough.refusals import FileRefused

_ASKED = "form:"


def as_asked(export: Export, form: Mapping[str, str]) -> Export:
    """The export with the fields of this form in the place of its questions; what is not asked is null."""
    return replace(export, columns=tuple(_as_asked(export, column, form) for column in export.columns))


def complaint(forms: Mapping[str, Form], form: object) -> tuple[str, str] | None:
    """What is wrong with what a source says of its form, and how to mend it."""
    if not isinstance(form, Mapping) or not all(isinstance(text, str) and text for text in form.values()):
        return "form is not a table of texts", 'write form = { kind = "…", phone = "…" }'
    if not forms:
        return ("form is for platforms whose forms people design", "take it out") if form else None
    kinds = ", ".join(forms)
    if form.get("kind") not in forms:
        return f"form.kind '{form.get('kind', '')}' is no kind of form", f"use one of: {kinds}"
    known = forms[form["kind"]]
    missing = [question for question in known.always if question not in form]
    if missing:
        return f"form.{missing[0]} is not said", f'add form.{missing[0]} = "…", the field that asks for it'
    if known.some and not any(question in form for question in known.some):
        return f"none of the questions {', '.join(known.some)} is said", f'add form.{known.some[0]} = "…"'
    strange = sorted(set(form) - {"kind", *known.always, *known.some})
    if strange:
        return f"form.{strange[0]} is no question of a {form['kind']}", "take it out"
    return None


def refuse_another_form(text: Path, found: Recognised, form: Mapping[str, str], source: str) -> None:
    """A field that is nowhere in the decoded file means another form, or one that was changed."""
    names = _names(text, found) if form else set()
    for question, field in form.items():
        if question != "kind" and field not in names:
            raise FileRefused("missing_field", field=field, question=question, source=source)


def _names(text: Path, found: Recognised) -> set[str]:
    layout = found.export.format
    if not isinstance(layout, Json):
        return set(found.names)
    above = layout.records.removeprefix("$.").removesuffix("[*]") + "."
    return {name.removeprefix(above) for name in json_names(text)}


def _as_asked(export: Export, column: Column, form: Mapping[str, str]) -> Column:
    asked = [source.removeprefix(_ASKED) for source in column.source if source.startswith(_ASKED)]
    if not asked:
        return column
    fields = [form[question] for question in asked if question in form]
    if not fields:
        return replace(column, source=(), sql="NULL::VARCHAR")
    is_json = isinstance(export.format, Json)
    return replace(column, source=tuple(_path(field) if is_json else field for field in fields))


def _path(field: str) -> str:
    return '$."' + field.replace('"', '\\"') + '"'
