"""Exports of custom forms: the declaration lists questions, the source sets the field of each.

``[sources.<id>] form = { kind = "survey", phone = "field_3", nps = "field_1" }``
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from followthrough.contracts.export import Column, Export, Json
from followthrough.parse.detect import Recognised, json_names
from followthrough.parse.file_errors import FileRefused

_QUESTION = "form:"


def export_of_form(export: Export, form: Mapping[str, str]) -> Export:
    """The export with this form's fields in place of questions; questions the form lacks become null."""
    return replace(export, columns=tuple(_column_of_form(export, column, form) for column in export.columns))


def refuse_another_form(text: Path, found: Recognised, form: Mapping[str, str], source: str) -> None:
    """Raise FileRefused if the decoded file lacks a field of the form."""
    # Then it is a file of another form, or the form was changed.
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


def _column_of_form(export: Export, column: Column, form: Mapping[str, str]) -> Column:
    questions = [source.removeprefix(_QUESTION) for source in column.source if source.startswith(_QUESTION)]
    if not questions:
        return column
    fields = [form[question] for question in questions if question in form]
    if not fields:
        return replace(column, source=(), sql="NULL::VARCHAR")
    is_json = isinstance(export.format, Json)
    return replace(column, source=tuple(_path(field) if is_json else field for field in fields))


def _path(field: str) -> str:
    return '$."' + field.replace('"', '\\"') + '"'
