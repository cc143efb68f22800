"""What a breach leads to: a remark, a refusal, somebody told, or a marker in place of what is missing."""

from __future__ import annotations

import pytest

import edujournal as ej
from edujournal.errors import BadRegulation
from edujournal.rules.loading import structure
from edujournal.rules.verdicts import Effect

ALG = "7A/alg/2026"
WORDS = {"ru": "п", "en": "p"}
END = {"anchor": "period.end", "snap": "end_of_day"}
RESULTS = {
    "number": "E.1", "gist": WORDS,
    "rules": [{"kind": "quantity", "record": "result", "each": "roll", "by": END,
               "on_breach": "convert", "becomes": "н/а"}],
}  # fmt: skip
MARKS = {
    "number": "E.2", "gist": WORDS,
    "rules": [{"kind": "timing", "record": "mark", "quorum": {"each": "present"},
               "when": {"purpose": "monitoring"},
               "closes": {"anchor": "work.held", "shift": "+5 days", "snap": "end_of_day"},
               "on_breach": "convert", "becomes": "н/а"}],
}  # fmt: skip


def topics(**effects):
    """A clause about topics, with the effects of its breach."""
    rule = {"kind": "timing", "record": "topic", "quorum": "once", **effects,
            "opens": {"anchor": "lesson.start"}, "closes": {"anchor": "lesson.end"}}  # fmt: skip
    return {"number": "2.6", "gist": WORDS, "rules": [rule]}


def converting(new_desk, *clauses, without=("2.8", "2.11")):
    """A desk whose regulation converts what is missing."""
    return new_desk(clauses=clauses, without=list(without), given={"incomplete_days": 3})


class TestConvert:
    """What is still missing when its window closes becomes a marker, by the next tick."""

    def test_a_missing_result_becomes_a_marker(self, new_desk):
        """«н/а» for the pupil who has nothing for the quarter; nothing before the quarter is over."""
        desk = converting(new_desk, RESULTS)
        assert () == desk.tick("2026-10-25 23:59:59").made
        (made,) = desk.tick("2026-10-30 03:00").made
        (entry,) = desk.by_time()
        end = desk.moment("2026-10-26 00:00")
        assert ("result", "period:q1", "p-1", "E.1") == (
            entry.kind, entry.about, entry.pupil, entry.right,
        )  # fmt: skip
        assert {"marker": "н/а", "stage": "period"} == {
            name: entry.values[name] for name in ("marker", "stage")
        }
        assert ("missing", end, end) == (
            made.due.what, made.due.since, entry.values["because"]["at"],
        )  # fmt: skip
        assert [] == [one for one in desk.audit("2026-10-30 03:00") if one.startswith("E.1")]

    def test_who_has_a_result_is_left_alone(self, new_desk):
        """A result, or a marker that stands for one."""
        desk = converting(new_desk, RESULTS)
        desk.write("2026-10-20 12:00",
                   ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4))  # fmt: skip
        assert () == desk.tick("2026-10-30 03:00").made

    def test_a_missing_mark_becomes_a_marker_for_the_work(self, new_desk):
        """Each pupil who was there; where nobody knows who was, nothing is made."""
        desk = converting(new_desk, MARKS)
        desk.write("2026-09-15 09:05", ej.NewWork(id="c1", kind="control", purpose="monitoring",
                                                  lesson="l1"))  # fmt: skip
        assert () == desk.tick("2026-09-25 03:00").made
        desk.write("2026-09-25 09:06", ej.RollCall(lesson="l1"))
        (made,) = desk.tick("2026-09-25 10:00").made
        (entry,) = desk.by_time()
        assert ("marker", "work:c1", "н/а") == (entry.kind, entry.about, entry.values["code"])
        assert desk.moment("2026-09-21 00:00") == made.due.since

    def test_it_happens_once(self, new_desk):
        """However often the tick runs."""
        desk = converting(new_desk, RESULTS)
        desk.tick("2026-10-30 03:00")
        desk.journals = desk.open()
        assert () == desk.tick("2026-11-30 03:00").made

    def test_what_a_person_took_back_is_not_made_again(self, new_desk):
        """The result is owed, like any other, and missing until it is given."""
        desk = converting(new_desk, RESULTS)
        desk.tick("2026-10-30 03:00")
        annul = ej.Annulment(journal=ALG, entry=1, reason="a result will come")
        desk.write("2026-11-02 12:00", annul)
        assert () == desk.tick("2026-11-05 00:00").made
        assert ["E.1 missing missing period:q1 p-1"] == [
            one for one in desk.audit("2026-11-05 00:00") if one.startswith("E.1")
        ]

    def test_a_late_result_takes_the_place_of_what_time_made(self, new_desk):
        """As a correction: a result has but one entry."""
        desk = converting(new_desk, RESULTS)
        desk.tick("2026-10-30 03:00")
        desk.write("2026-10-31 12:00", ej.Correction(
            journal=ALG, entry=1, values={"marker": None, "value": 3}, reason="came late",
        ))  # fmt: skip
        assert () == desk.tick("2026-11-30 03:00").made

    def test_nobody_converts_ahead(self, new_desk):
        """What would be right after the end is refused before it."""
        desk = converting(new_desk, RESULTS)
        (made,) = desk.tick("2026-10-30 03:00").made
        early = converting(new_desk, RESULTS)
        early.clock.set(early.moment("2026-10-20 12:00"))
        verdict = early.journals.check(made.due.draft, by=ej.Actor("system", "system"))
        assert ["not-by-time"] == [one.code for one in verdict.breaches]


LATE = ej.Topic(lesson="l1", topic="Линейные уравнения", plan="1")


class TestTelling:
    """Who is told of a recorded breach, and when."""

    @staticmethod
    def told(desk, at):
        """Roles that are told of the late topic at a moment, and from when on."""
        return [
            (one.role, one.since)
            for one in desk.journals.reminders(desk.moment(at))
            if one.finding.record == "topic" and one.finding.entry is not None
        ]

    def test_a_remark_is_told_to_nobody(self, new_desk):
        """It stays in every audit, that is all."""
        desk = new_desk(clauses=[topics()])
        assert Effect.REMARK is self.late(desk).effect
        assert [] == self.told(desk, "2026-12-01 00:00")

    @staticmethod
    def late(desk):
        """The finding about a topic that came late."""
        receipt = desk.write("2026-09-15 12:00", LATE)
        return next(one for one in receipt.verdict.breaches if one.code == "after-close")

    def test_notify_tells_the_first_step_at_once(self, new_desk):
        """The teacher, from the moment of the breach on; nobody else, however long it lasts."""
        desk = new_desk(clauses=[topics(on_breach="notify")])
        finding = self.late(desk)
        at = desk.moment("2026-09-15 12:00")
        assert (Effect.NOTIFY, False) == (finding.effect, finding.refuses)
        assert [] == self.told(desk, "2026-09-15 11:59")
        assert [("teacher", at)] == self.told(desk, "2026-12-01 00:00")

    def test_escalate_climbs_the_ladder(self, new_desk):
        """Teacher, homeroom teacher, deputy, head: each step so long after the breach."""
        desk = new_desk(clauses=[topics(on_breach="escalate")])
        self.late(desk)
        steps = {
            day: [role for role, _ in self.told(desk, f"2026-09-{day} 12:00")]
            for day in (15, 17, 19, 23)
        }
        assert {
            15: ["teacher"],
            17: ["teacher", "homeroom"],
            19: ["teacher", "homeroom", "deputy"],
            23: ["teacher", "homeroom", "deputy", "head"],
        } == steps

    def test_early_may_differ(self, new_desk):
        """What comes too early is refused, or told, as its own field says."""
        desk = new_desk(clauses=[topics(on_early="notify")])
        receipt = desk.write("2026-09-15 08:00", LATE)
        assert [Effect.NOTIFY] == [one.effect for one in receipt.verdict.breaches]
        assert ["teacher"] == [role for role, _ in self.told(desk, "2026-09-16 00:00")]

    def test_what_was_annulled_is_told_no_more(self, new_desk):
        """The breach stays on record; the entry does not stand, and the ladder is for what does."""
        desk = new_desk(clauses=[topics(on_breach="notify")])
        self.late(desk)
        keys = [one.key for one in desk.journals.reminders(desk.moment("2026-09-16 00:00"))]
        again = [one.key for one in desk.journals.reminders(desk.moment("2026-09-17 00:00"))]
        assert len(keys) == len(set(keys))
        assert set(keys) <= set(again)

    def test_guardians_and_pupils_are_told_of_their_own(self, new_desk):
        """A step for guardians tells those of the pupil concerned."""
        ladder = [{"role": "guardian", "after": "-3 days"}]
        desk = new_desk(reminders=ladder, given={"incomplete_days": 3})
        desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="INH"))
        found = desk.journals.reminders(desk.moment("2026-09-28 00:00"))
        assert [{"mum"}] == [set(one.accounts) for one in found if one.finding.code == "uncleared"]


BASE = {"id": "ours", "title": WORDS, "extends": "ru-school26-2023"}


@pytest.mark.parametrize(
    ("more", "path", "what"),
    [
        ({"clauses": [topics(on_breach="notify")], "reminders": []},
         ".rules[0].on_breach", "nobody to be told"),
        ({"clauses": [topics(on_breach="convert", becomes="н/а")]},
         ".rules[0].on_breach", "nothing that could become something"),
        ({"clauses": [topics(on_early="convert")]},
         ".rules[0].on_early", "nothing that could become something"),
        ({"clauses": [topics(becomes="н/а")]},
         ".rules[0].becomes", "a marker that nothing becomes"),
        ({"clauses": [{**RESULTS, "rules": [{**RESULTS["rules"][0], "becomes": "н/б"}]}],
          "without": ["2.8"]}, ".rules[0].becomes", "unknown marker"),
        ({"clauses": [{**RESULTS, "rules": [{**RESULTS["rules"][0], "becomes": "точка"}]}],
          "without": ["2.8"]}, ".rules[0].becomes", "a marker that stands for no result"),
        ({"clauses": [{**RESULTS, "rules": [
            {key: value for key, value in RESULTS["rules"][0].items() if key != "becomes"}]}],
          "without": ["2.8"]}, ".rules[0].becomes", "a conversion into nothing"),
        ({"clauses": [{"number": "E.3", "gist": WORDS, "rules": [
            {"kind": "relation", "record": "mark", "requires": "kind", "on_breach": "convert"}]}]},
         ".rules[0].on_breach", "nothing that could become something"),
        ({"markers": [{"code": "x", "title": WORDS, "on_breach": "convert"}]},
         ".on_breach", "nothing that could become something"),
        ({"markers": [{"code": "x", "title": WORDS, "on_breach": "escalate"}], "reminders": []},
         ".on_breach", "nobody to be told"),
    ],
)  # fmt: skip
def test_an_effect_without_a_meaning_is_refused(more, path, what):
    """When the regulation is loaded, with the path to the field."""
    with pytest.raises(BadRegulation) as caught:
        structure({**BASE, **more}, "f")
    assert [(True, what)] == [(one.where.endswith(path), one.what) for one in caught.value.problems]
