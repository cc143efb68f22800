"""The journal CSV set: what goes out comes in again, and a faulty set says all that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import edujournal as ej
from edujournal.adapters.exchange.csvset import commit, plan_import, read_set, write_set
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.cli import main
from edujournal.errors import BadInput

SET = {
    "calendar.csv": """kind,id,year,set,type,number,since,until,zone,week,weekdays
school,s-9,,,,,,,,,
year,2026,,,,,2026-09-01,2027-06-01,Europe/Moscow,w,
week,w,2026,,,,,,,,1;2;3;4;5
period,q1,2026,q,quarter,1,2026-09-01,2026-10-26,,,
""",
    "groups.csv": "id,year,kind,periods,week\n7A,2026,class,q,w\n",
    "people.csv": "id,kind,name,roles\np-1,pupil,Анна,\np-2,pupil,Борис,\nt-1,account,Учитель,teacher\n",
    "memberships.csv": "pupil,group\np-1,7A\np-2,7A\n",
    "assignments.csv": "account,group,subject\nt-1,7A,alg\n",
    "lessons.csv": "id,group,subject,day,slot,start,end\nl1,7A,alg,2026-09-15,1,09:00,09:45\n",
    "works.csv": "id,kind,lesson,purpose,by,recorded\nw1,control,l1,monitoring,t-1,2026-09-15\n",
    "entries.csv": """kind,lesson,work,pupil,value,work_kind,absent,text,by,role,recorded
roll,l1,,,,,p-2:Б,,t-1,teacher,2026-09-15T09:05:00+03:00
mark,l1,,p-1,5,oral,,молодец,t-1,teacher,2026-09-15
topic,l1,,,,,,Дроби,t-1,teacher,
mark,l1,w1,p-1,4,,,,t-1,teacher,2026-09-20
""",
}


@pytest.fixture
def folder(tmp_path):
    """A sound set."""
    for name, text in SET.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def clock():
    """A day long after."""
    return datetime(2026, 12, 1, tzinfo=UTC)


def brought_in(folder):
    """The journals of the set, and the report."""
    plan = plan_import(folder, "ru-school26-2023")
    plan.files()  # tells every fault
    journals = ej.Journals(MemoryStore(), plan.school, plan.regulations, clock=clock)
    return journals, commit(journals, plan), plan


def test_a_set_comes_in_with_its_evidence(folder):
    """A day is evidence of a day, an instant of an instant, nothing of nothing."""
    journals, report, _ = brought_in(folder)
    assert (5, 0) == (report.recorded, report.repeated)
    found = {
        (one.about, one.pupil, one.code): one.outcome.value
        for one in journals.audit(everything=True)
        if one.code == "after-close"
    }
    assert "met" == found["lesson:l1", None, "after-close"]
    assert "met" == found["lesson:l1", "p-1", "after-close"]
    assert "late" == found["work:w1", "p-1", "after-close"]


def test_the_same_set_is_there_once(folder):
    """A second import under the same digest records nothing new."""
    journals, _, plan = brought_in(folder)
    heads = list(journals.store.books("s-9"))
    assert 0 == commit(journals, plan).recorded
    assert heads == list(journals.store.books("s-9"))


def test_the_command_imports_and_audits(folder, tmp_path, capsys):
    """A store made by import carries school and regulation."""
    store = f"sqlite:///{tmp_path / 'in.db'}"
    assert 0 == main(["import", str(folder), "--store", store, "--regulation", "ru-school26-2023"])
    assert 1 == main(["audit", "--store", store, "--json", "--at", "2026-12-01T00:00:00+03:00"])
    assert '"late"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "words"),
    [
        ("entries.csv", "p-1,5,oral", "p-11,5,oral", "entries.csv:3", "p-1"),
        ("entries.csv", "mark,l1,,p-1,5", "mark,l11,,p-1,5", "entries.csv:3", "l1"),
        ("entries.csv", "5,oral", "5,orall", "entries.csv:3", "oral"),
        ("entries.csv", "p-1,5,oral", "p-1,7,oral", "entries.csv:3", "scale"),
        ("entries.csv", "p-2:Б", "p-2:Ж", "entries.csv:2", "Ж"),
        (
            "entries.csv",
            "2026-09-15T09:05:00+03:00",
            "2026-09-15T09:05:00",
            "entries.csv:2",
            "offset",
        ),
        ("entries.csv", "mark,l1,w1", "mrk,l1,w1", "entries.csv:5", "mark"),
        ("lessons.csv", "09:00,09:45", "09:45,09:00", "lessons.csv:2", ""),
        ("lessons.csv", "2026-09-15", "15.09.2026", "lessons.csv:2", "day"),
        ("calendar.csv", "Europe/Moscow", "Europe/Moskow", "calendar.csv", "Europe/Moscow"),
        ("memberships.csv", "p-2,7A", "p-2,7А", "memberships.csv:3", "7A"),
        ("works.csv", "control", "contrl", "works.csv:2", "control"),
    ],
)
def test_a_fault_is_told_with_its_place(folder, file, old, new, where, words):
    """File, row and what was meant are in the message, and nothing is imported."""
    place = folder / file
    text = place.read_text("utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ej.EdujournalError) as caught:
        brought_in(folder)
    told = str(caught.value)
    assert where in told
    assert words in told


def test_every_fault_is_in_one_list(folder):
    """Three faults in three files are three problems at once."""
    for file, old, new in (
        ("entries.csv", "p-1,5,oral", "p-11,5,oral"),
        ("lessons.csv", "2026-09-15", "15.09.2026"),
        ("assignments.csv", "t-1", "t-9"),
    ):
        place = folder / file
        place.write_text(place.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ej.BadFile) as caught:
        read_set(folder)
    files = {
        problem.where.partition(":")[0].rpartition("/")[2] for problem in caught.value.problems
    }
    assert {"lessons.csv", "assignments.csv"} <= files


def test_a_result_goes_out_without_its_basis(folder, tmp_path):
    """The decision travels; the hashes of its basis are those of one store, and stay there."""
    moment = datetime(2026, 10, 22, 9, tzinfo=UTC)
    plan = plan_import(folder, "ru-school26-2023")
    plan.files()  # tells every fault
    journals = ej.Journals(MemoryStore(), plan.school, plan.regulations, clock=lambda: moment)
    commit(journals, plan)
    (found,) = [one for one in journals.proposals("7A/alg/2026", "q1") if one.pupil == "p-1"]
    journals.record(found.draft(), by="t-1")
    number = len(list(journals.entries("journal/7A/alg/2026")))
    again = {"value": 4, "basis": dict(found.basis)}
    journals.record(
        ej.Correction(journal="7A/alg/2026", entry=number, values=again, reason="x"), by="t-1"
    )
    place = tmp_path / "out"
    write_set(place, plan.school, journals.entries("journal/7A/alg/2026"))
    back = plan_import(place, "ru-school26-2023")
    other = ej.Journals(MemoryStore(), back.school, back.regulations, clock=clock)
    commit(other, back)

    state = other.state("journal/7A/alg/2026")
    (result,) = [state.reading(one) for one in state.of_kind("result")]
    assert {"stage": "period", "value": 4} == result.values
    alone = ej.Correction(
        journal="7A/alg/2026", entry=number, values={"basis": dict(found.basis)}, reason="y"
    )
    journals.record(alone, by="t-1")
    with pytest.raises(BadInput, match="basis"):
        write_set(place, plan.school, journals.entries("journal/7A/alg/2026"))
