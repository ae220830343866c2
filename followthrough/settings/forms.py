"""Checks a source's ``form``, which sets the field of each question its kind of form declares.

``[sources.<id>] form = { kind = "survey", phone = "field_3", nps = "field_1" }``
"""

from collections.abc import Mapping

from followthrough.contracts.export import Form


def complaint(forms: Mapping[str, Form], form: object) -> tuple[str, str] | None:
    """Message and remedy for a wrong ``form`` of a source, None if it is right."""
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
