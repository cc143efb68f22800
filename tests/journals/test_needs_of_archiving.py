"""A handing over is judged by every journal of the sheet, also where the school's data is asked piece by piece."""

from __future__ import annotations

import edujournal as ej
from edujournal.gathering import gather, gather_all
from edujournal.model.people import Actor
from edujournal.planning import needs_of
from edujournal.rules.loading import load
from edujournal.rules.wanted import Wanted

WANTED = Wanted([load("ru-school26-2023")])


class Asked:
    """A school's data by its five getters, and nothing that gives all at once."""

    def __init__(self, school):
        self.id = school.id
        for name in ("calendars", "lessons", "memberships", "assignments", "accounts"):
            setattr(self, name, getattr(school, name))


def test_all_journals_of_the_sheet_are_known_to_who_judges_its_archiving():
    """Those of subgroups and of individual plans, with lessons or with a teacher alone; not other classes'."""
    school = Asked(ej.samples.school())
    everything = gather_all(school)
    (frame,) = everything.calendars
    classes = [one.id for one in frame.groups if one.kind == "class"]
    for group in classes:
        sheet = everything.journals_of_sheet(frame, group)
        draft = ej.Archiving(group=group, year=frame.year, journals=sheet[:1], digest="0" * 64)
        _, needs = needs_of([draft], Actor("head"), WANTED)
        facts = gather(school, needs)
        assert sheet == facts.journals_of_sheet(facts.calendars[0], group), group
        assert len(facts.lessons) < len(everything.lessons)
    assert len(classes) > 2
    plans = {one.id for one in frame.groups if one.kind == "plan"}
    assert any(one.group in plans for group in classes
               for one in everything.journals_of_sheet(frame, group))  # fmt: skip
