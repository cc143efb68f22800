"""Markers in a CSV set: what people recorded goes out and comes in; what time made is made again."""

from __future__ import annotations

from datetime import date

import pytest

import edujournal as ej
from edujournal.adapters.exchange.csvset import read_set, write_set
from edujournal.errors import BadInput

ALG = "7A/alg/2026"


def test_what_time_made_is_left_out_and_made_again(desk, new_desk, tmp_path):
    """The set has the marker; on the other side a tick makes of it what it made here."""
    desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="INH"))
    desk.tick("2026-10-05 03:00")
    write_set(tmp_path, desk.school, desk.journals.entries(f"journal/{ALG}"))
    text = (tmp_path / "entries.csv").read_text("utf-8")
    assert (1, 0) == (text.count("INH"), text.count("system"))


def test_a_change_of_what_time_made_cannot_be_said(desk, tmp_path):
    """It is refused with what to do, and nothing is half written."""
    desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="INH"))
    desk.tick("2026-10-05 03:00")
    desk.write("2026-10-06 09:00", ej.Annulment(journal=ALG, entry=2, reason="was handed in"))
    with pytest.raises(BadInput, match="what time made"):
        write_set(tmp_path, desk.school, desk.journals.entries(f"journal/{ALG}"))
    assert not (tmp_path / "entries.csv").exists()


def test_a_moved_term_comes_back(desk, tmp_path):
    """A correction of the days of a marker is part of the set."""
    draft = ej.Marker(lesson="l1", pupil="p-1", code="точка", until=date(2026, 9, 22))
    desk.write("2026-09-15 09:10", draft)
    moved = {"until": date(2026, 9, 29)}
    desk.write("2026-09-16 09:10", ej.Correction(journal=ALG, entry=1, values=moved, reason="ill"))
    write_set(tmp_path, desk.school, desk.journals.entries(f"journal/{ALG}"))
    rows = read_set(tmp_path)
    assert rows.school == desk.school
    assert "2026-09-29" in (tmp_path / "entries.csv").read_text("utf-8")
