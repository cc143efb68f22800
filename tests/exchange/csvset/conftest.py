"""A small sound set with a row of every sort, and ways to spoil it."""

from __future__ import annotations

from pathlib import Path

import pytest

SET = {
    "calendar.csv": """\
kind,id,year,set,type,number,since,until,starts,ends,weekdays,shift,cycle,dates,like,zone,week
school,s-9
lacks,comment
year,2026,,,,,2026-09-01,2027-06-01,,,,,,,,Europe/Moscow,five
week,five,,,,,,,,,1-5
week,six,,,,,,,,,1;2;3;4;5;6
period,q1,,quarters,quarter,,2026-09-01,2026-10-26
period,q2,,quarters,quarter,2,2026-11-02,2026-12-28
periods,none
holiday,autumn,,school,,,2026-10-26,2026-11-02
holidays,extra
schedule,usual
bell,,,usual,,1,,,08:30,09:15
bell,,,usual,,2,,,9:25,10:10
ring,,,usual,,,,,,,1-5,1,A;B
ring,,,usual,,,,,,,,,,2026-09-05
closed,,,,,,2026-11-04,2026-11-06
cancelled,,,,,,2026-09-18
working,,,,,,2026-09-05
moved,,,,,,2026-09-26,,,,,,,,2026-09-21
cycle,,,,,,,,,,,,A;B
cycle_day,,,,,,2026-09-08,,,,,,B
cycle_day,,,,,,2026-09-15,,,,,,A
section,bells
""",
    "groups.csv": """\
id,year,kind,parents,grade,shift,periods,holidays,week,pupil,name
7A,2026,class,,7,1,quarters,school,five,,7 «А»
7B,,class,,7,1,quarters,school,six,,
7A-1,,subgroup,7A,,1,quarters,school,five,,
plan,,plan,7A,,1,quarters,school,five,p-3,
""",
    "subjects.csv": 'id,title,tags,attendance,weekly_hours,name\nalg,,math;exact,yes,"3,5",Алгебра\n',
    "people.csv": """\
id,kind,name,person,roles,since,until,pupils
p-1,pupil,Анна
p-2,pupil,Борис
p-3,pupil,
t-1,account,Учитель,person-1,teacher,2020-01-01,,
t-2,account,,,teacher;deputy@2026-09-01..2027-01-01,,,
g-1,account,,,,,,p-1
""",
    "names.csv": "kind,id,name\naccount,t-2,Завуч\n",
    "memberships.csv": """\
pupil,group,since,until
p-1,7A,,
p-2,7A,2026-09-02,2027-01-01
p-2,7A-1,,
""",
    "assignments.csv": """\
account,group,subject,role,since,until
t-1,7A,alg,,,
t-2,7A,,homeroom,2026-09-01,
""",
    "lessons.csv": """\
id,group,subject,day,slot,start,end,teacher,substitute,cancelled,year
l1,7A,alg,2026-09-15,1,,,t-1,,,
l2,7A,alg,2026-09-16,2,9:25,2026-09-16T10:10:00+03:00,t-1,t-2,,2026
l3,7A,alg,2026-09-17,1,08:30,09:15,,,yes,
""",
    "changes.csv": """\
lesson,changed,day,slot,start,end,cancelled
l2,2026-09-10T12:00:00+03:00,2026-09-15,2,09:25,10:10,
""",
    "works.csv": """\
id,kind,journal,lesson,purpose,held,due,weight,points,title,by,role,recorded,source
w1,control,,l1,monitoring,,,,,,t-1,teacher,2026-09-15,old.xls
w2,essay,7A/alg/2026,,ordinary,2026-09-20,2026-09-30,"1,5",20,Сочинение,t-1,,,
""",
    "entries.csv": """\
kind,id,lesson,work,journal,period,group,section,event,year,pupil,value,code,work_kind,scale,retake,absent,text,nature,plan,due,none_set,teacher,accept,protocol,held,examiners,stage,day,since,until,account,noticed,to,clauses,journals,about,target,cleared,reason,by,role,recorded
roll,e1,l1,,,,,,,,,,,,,,p-2:ОП:10
mark,e2,l1,,,,,,,,p-1,5,,oral
mark,e3,l1,w1,,,,,,,p-1,4
mark,e4,,w2,,,,,,,p-2,3
marker,e5,l2,,,,,,,,p-2,,осв
topic,e6,l1,,,,,,,,,,,,,,,Дроби
homework,e7,l1,,,,,,,,,,,,,,,№ 12,письменно,,2026-09-16
substitution,e8,l2,,,,,,,,,,,,,,,,,,,,t-2
confirmation,e9,l2,,,,,,,,,,,,,,,,,,,,,yes,,,,,,,,,,,,,,e8
result,e10,,,7A/alg/2026,q1,,,,,p-1,5
message,e11,,,,,7A,,,,,,,,,,,Собрание,,,,,,,,,,,2026-09-20
setup,e12,,,,,,bells,,2026
correction,e13,,,,,,,,,,4,,,,,,,,,,,,,,,,,,,,,,,,,,e2,,описка
annulment,e14,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,work:w1,,отменена,t-1,teacher,2026-10-01
mark,e15,l1,,,,,,,,p-1,5,,oral,,e2
""",
}


def _squared(text: str) -> str:
    """Rows are written short, and filled up to the width of the header."""
    lines = text.splitlines()
    width = lines[0].count(",")
    return "".join(
        line + "," * (width - line.replace('"1,5"', "").replace('"3,5"', "").count(",")) + "\n"
        for line in lines
    )


class Files:
    """The files of a set in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in SET.items():
            self.write(name, _squared(text))

    def write(self, name: str, content: str | bytes) -> None:
        """Put *content* in the place of a file."""
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)

    def text(self, name: str) -> str:
        """What a file says."""
        return (self.folder / name).read_text("utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Write *new* where *old* stands first; it must be there."""
        text = self.text(name)
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new, 1))

    def add(self, name: str, /, **cells: str) -> None:
        """Add a row with these cells."""
        header = self.text(name).splitlines()[0].split(",")
        assert set(cells) <= set(header)
        row = ",".join(f'"{cells[one]}"' if one in cells else "" for one in header)
        self.write(name, self.text(name) + row + "\n")


@pytest.fixture
def files(tmp_path):
    """A sound set."""
    return Files(tmp_path)
