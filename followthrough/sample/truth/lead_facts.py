"""Leads as known at a night: consecutive forms count as one lead, which ends when none is valid."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from followthrough.sample.deliveries.delivered import Delivered, SeenClue
from followthrough.sample.truth.stages import Lead

DUPLICATE_DAYS = 30
_INVALID = 4


def leads_of(seen: Delivered, night: date) -> dict[str, list[Lead]]:
    """Every person's leads left by the night, oldest first."""
    forms: dict[str, list[Lead]] = defaultdict(list)
    for clues in seen.clues.values():
        lead = clues[0].row.lead
        if lead.created_at.date() <= night:
            forms[lead.person.person_id].append(Lead(lead.created_at.date(), _found_invalid(clues, night)))
    for form, _ in seen.form_leads.values():
        if form.created_at.date() <= night:
            forms[form.person.person_id].append(Lead(form.created_at.date(), None))
    return {person: _merged(sorted(each, key=lambda form: form.since)) for person, each in forms.items()}


def _found_invalid(clues: list[SeenClue], night: date) -> date | None:
    """The date of the first pull that marks it invalid and is not contradicted by a later one."""
    found = None
    for row, exported_at, _ in clues:
        found = (found or exported_at.date()) if row.state == _INVALID else None
    return found if found and found <= night else None


def _merged(forms: list[Lead]) -> list[Lead]:
    rows: list[list[Lead]] = []
    for form in forms:
        if rows and (form.since - rows[-1][-1].since).days <= DUPLICATE_DAYS:
            rows[-1].append(form)
        else:
            rows.append([form])
    return [Lead(row[0].since, _last(row)) for row in rows]


def _last(row: list[Lead]) -> date | None:
    ends = [form.until for form in row if form.until]
    return max(ends) if len(ends) == len(row) else None
