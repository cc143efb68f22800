"""A set of two years, kept in two zones: each row is read by the clocks of its own year."""

from __future__ import annotations

import pytest

from edujournal.adapters.exchange.csvset import read_set
from edujournal.model.time import zone

MOSCOW, TOKYO = zone("Europe/Moscow"), zone("Asia/Tokyo")

FILES = {
    "calendar.csv": """\
kind,id,year,set,type,since,until,zone,weekdays,number,starts,ends
school,s-9
year,2026,,,,2026-09-01,2027-06-01,Europe/Moscow
year,2027,,,,2027-09-01,2028-06-01,Asia/Tokyo
week,w,2026,,,,,,1-5
week,w,2027,,,,,,1-5
period,q1,2026,,quarter,2026-09-01,2026-10-26
period,q1,2027,,quarter,2027-09-01,2027-10-25
bell,,2026,,,,,,,1,08:30,09:15
bell,,2027,,,,,,,1,09:00,09:45
""",
    "groups.csv": "id,year\n7A,2026\n7A,2027\n",
    "people.csv": "id,kind,roles\np-1,pupil,\nt-1,account,teacher\n",
    "memberships.csv": "pupil,group\np-1,7A\n",
    "lessons.csv": "id,group,subject,day,slot\nl1,7A,alg,2026-09-15,1\nl2,7A,alg,2027-09-15,1\n",
    "works.csv": "id,kind,journal,held,recorded\nw1,essay,7A/alg/2027,2027-10-01,2027-10-02\n",
    "entries.csv": """\
kind,lesson,journal,period,group,section,year,pupil,value,text,day,event,account,noticed,to,recorded
roll,l1,,,,,,,,,,,,,,2026-09-16
roll,l2,,,,,,,,,,,,,,2027-09-16
result,,7A/alg/2027,q1,,,,p-1,5,,,,,,,2027-10-20
setup,,,,,bells,2027,,,,,,,,,2027-09-02
message,,,,7A,,,,,Собрание,2027-09-20,,,,,2027-09-21
message,,,,7A,,,,,Собрание,2026-09-20,,,,,2026-09-21
disclosure,,,,,,2027,,,,,e-1,t-1,2027-10-05T10:00:00+09:00,head
topic,l2,,,,,,,,Дроби
""",
}


@pytest.fixture
def folder(tmp_path):
    """The set, its rows filled up to the width of their headers."""
    for name, text in FILES.items():
        width = text.partition("\n")[0].count(",")
        lines = (line + "," * (width - line.count(",")) for line in text.splitlines())
        (tmp_path / name).write_text("\n".join(lines), "utf-8")
    return tmp_path


def test_a_day_is_a_day_of_the_zone_of_its_year(folder):
    """The day on which something was recorded begins where that year was kept."""
    told = {
        (content.kind, content.about): draft.evidence.lo
        for draft, _ in read_set(folder).drafts()
        if (content := draft.content())
    }

    def begins(clocks, text):
        return clocks.start_of_day(type(MOSCOW.local_date(0)).fromisoformat(text))

    assert {
        ("work", "work:w1"): begins(TOKYO, "2027-10-02"),
        ("roll", "lesson:l1"): begins(MOSCOW, "2026-09-16"),
        ("roll", "lesson:l2"): begins(TOKYO, "2027-09-16"),
        ("result", "period:q1"): begins(TOKYO, "2027-10-20"),
        ("setup", "section:bells"): begins(TOKYO, "2027-09-02"),
        ("message", "group:7A"): begins(TOKYO, "2027-09-21"),
        ("disclosure", "event:e-1"): None,
        ("topic", "lesson:l2"): None,
    } == told
    messages = {
        draft.content().values["day"]: draft.evidence.lo
        for draft, _ in read_set(folder).drafts()
        if draft.content().kind == "message"
    }
    assert {
        "2026-09-20": begins(MOSCOW, "2026-09-21"),
        "2027-09-20": begins(TOKYO, "2027-09-21"),
    } == messages


def test_lessons_ring_by_the_bells_of_their_year(folder):
    """Without times of their own lessons have those of the bells, by the clocks of their year."""
    lessons = {lesson.id: lesson for lesson in read_set(folder).school.lessons()}

    assert "2026-09-15T08:30" == MOSCOW.local(lessons["l1"].starts).isoformat()[:16]
    assert "2027-09-15T09:00" == TOKYO.local(lessons["l2"].starts).isoformat()[:16]


def test_rows_come_in_the_order_of_time(folder):
    """What was recorded first comes first, and what has no moment, when its occasion was."""
    kinds = [draft.content().kind for draft, _ in read_set(folder).drafts()]

    assert [
        "work",  # works come before what speaks of them
        "roll",
        "message",
        "setup",
        "topic",  # at the start of its lesson
        "roll",
        "message",
        "disclosure",  # when it was noticed
        "result",
    ] == kinds
