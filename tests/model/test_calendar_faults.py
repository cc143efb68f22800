"""Calendars that cannot be are refused, with every fault and its dates."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from edujournal.errors import BadCalendar, BadInput
from edujournal.model.calendar import (
    Bell,
    BellRule,
    BellSchedule,
    Calendar,
    Cycle,
    Group,
    Holidays,
    HolidaySet,
    Period,
    PeriodSystem,
    Subject,
    Week,
)
from edujournal.model.lookalikes import lookalikes, skeleton

START, END = date(2026, 9, 1), date(2027, 9, 1)


def quarter(n: int, since: date, until: date) -> Period:
    """A quarter with its number for an id."""
    return Period(f"q{n}", "quarter", n, since, until)


def free(id: str, since: date, until: date) -> Holidays:
    """Holidays, by a shorter name."""
    return Holidays(id, since, until)


def group(id: str, kind: str = "class", **fields: Any) -> Group:
    """A group of the right calendar."""
    return Group(id, kind, **({"periods": "q", "holidays": "h", "week": "w"} | fields))


Q1 = quarter(1, START, date(2026, 10, 26))
RIGHT: dict[str, Any] = {
    "school": "s",
    "year": "2026",
    "zone": "Europe/Moscow",
    "since": START,
    "until": END,
    "groups": [group("7A")],
    "period_systems": [PeriodSystem("q", [Q1])],
    "holiday_sets": [HolidaySet("h", [free("autumn", date(2026, 10, 26), date(2026, 11, 3))])],
    "weeks": [Week("w", range(1, 6))],
    "staff_week": "w",
    "schedules": [BellSchedule("b", [Bell(1, time(8, 30), time(9, 15))])],
    "bell_rules": [BellRule("b")],
}


def faults(**wrong: Any) -> list[str]:
    """What is said about the right calendar with some fields spoilt."""
    with pytest.raises(BadCalendar) as caught:
        Calendar(**(RIGHT | wrong))
    return [str(problem) for problem in caught.value.problems]


def test_the_right_one_is_right() -> None:
    """What the cases below spoil is without a fault."""
    assert "2026" == Calendar(**RIGHT).year


D = date
CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "periods overlap": (
        {"period_systems": [PeriodSystem("q", [Q1, quarter(2, D(2026, 10, 25), D(2026, 12, 28))])]},
        [
            (
                "periods 'q1' and 'q2' overlap, found 2026-09-01 … 2026-10-25 and 2026-10-25 … 2026-12-27"
                " @ period_systems.q"
            ),
        ],
    ),
    "years overlap": (
        {
            "period_systems": [
                PeriodSystem(
                    "q",
                    [
                        Q1,
                        Period("y1", "year", 1, START, D(2027, 6, 1)),
                        Period("y2", "year", 2, D(2027, 5, 1), END),
                    ],
                )
            ]
        },
        ["years 'y1' and 'y2' overlap, found 2026-09-01 … 2027-05-31 and 2027-05-01 … 2027-08-31"],
    ),
    "holidays overlap": (
        {
            "holiday_sets": [
                HolidaySet(
                    "h",
                    [
                        free("a", D(2026, 11, 1), D(2026, 11, 9)),
                        free("b", D(2026, 11, 8), D(2026, 11, 10)),
                    ],
                )
            ]
        },
        ["holidays 'a' and 'b' overlap, found 2026-11-01 … 2026-11-08 and 2026-11-08 … 2026-11-09"],
    ),
    "a period overlaps holidays": (
        {"holiday_sets": [HolidaySet("h", [free("autumn", D(2026, 10, 25), D(2026, 11, 3))])]},
        [
            (
                "period 'q1' and holidays 'autumn' overlap, found 2026-09-01 … 2026-10-25 and"
                " 2026-10-25 … 2026-11-02, both of '7A' @ period_systems.q.q1. Mend the dates"
            )
        ],
    ),
    "holidays end in a period": (
        {"holiday_sets": [HolidaySet("h", [free("summer", D(2026, 9, 1), D(2026, 10, 27))])]},
        ["period 'q1' and holidays 'summer' overlap"],
    ),
    "a period outside the year": (
        {"period_systems": [PeriodSystem("q", [quarter(1, D(2026, 8, 31), D(2026, 10, 26))])]},
        [
            (
                "period outside the year, expected within 2026-09-01 … 2027-08-31, found"
                " 2026-08-31 … 2026-10-25 @ period_systems.q.q1"
            )
        ],
    ),
    "holidays outside the year": (
        {"holiday_sets": [HolidaySet("h", [free("summer", D(2027, 5, 27), D(2027, 9, 2))])]},
        [
            "holidays outside the year, expected within 2026-09-01 … 2027-08-31, found 2027-05-27 … 2027-09-01"
        ],
    ),
    "an empty period": (
        {"period_systems": [PeriodSystem("q", [quarter(1, START, START)])]},
        ["period without a day, expected since < until, found [2026-09-01, 2026-09-01)"],
    ),
    "holidays the wrong way round": (
        {"holiday_sets": [HolidaySet("h", [free("a", D(2026, 11, 3), D(2026, 10, 26))])]},
        ["holidays without a day, expected since < until, found [2026-11-03, 2026-10-26)"],
    ),
    "a year the wrong way round": (
        {"since": END, "until": START},
        ["the year ends before it begins, expected since < until, found [2027-09-01, 2026-09-01)"],
    ),
    "an unknown zone": (
        {"zone": "Europe/Moskow"},
        ["unknown time zone 'Europe/Moskow' @ zone. Did you mean 'Europe/Moscow'?"],
    ),
    "unknown references": (
        {
            "groups": [
                group("7A", periods="k", holidays="hh", week="v"),
                group("en", "subgroup", parents=["7B"]),
            ],
            "staff_week": "ww",
            "bell_rules": [BellRule("bb", cycle_days=["A"])],
        },
        [
            "unknown periods, found 'k' @ groups.7A.periods",
            "unknown holidays, found 'hh' @ groups.7A.holidays. Did you mean 'h'?",
            "unknown week, found 'v' @ groups.7A.week",
            "unknown group, found '7B' @ groups.en.parents",
            "unknown week, found 'ww' @ staff_week. Did you mean 'w'?",
            "unknown bell schedule, found 'bb' @ bell_rules[0]. Did you mean 'b'?",
            "unknown day of the cycle, found 'A' @ bell_rules[0]",
        ],
    ),
    "ids given twice": (
        {
            "groups": [group("7A"), group("7A")],
            "subjects": [Subject("alg"), Subject("alg")],
            "period_systems": [PeriodSystem("q", [Q1]), PeriodSystem("q", [Q1])],
            "weeks": [Week("w", [1]), Week("w", [2])],
            "sections": ["bells", "bells"],
        },
        [
            "group '7A' is given 2 times",
            "subject 'alg' is given 2 times",
            "period system 'q' is given 2 times",
            "week 'w' is given 2 times",
            "section 'bells' is given 2 times",
        ],
    ),
    "a period given twice": (
        {"period_systems": [PeriodSystem("q", [Q1, quarter(1, D(2026, 11, 3), D(2026, 12, 1))])]},
        ["period 'q1' is given 2 times @ period_systems.q"],
    ),
    "ids that are none": (
        {"school": "", "groups": [group("7A "), group("7/B")]},
        ["not a school", "not a group", "not a group"],
    ),
    "lookalike groups": (
        {"groups": [group("7A"), group("7А"), group("7 A")]},
        [
            (
                "ids that look alike, expected ids that people can tell apart, found"
                " '7 A' (LATIN), '7A' (LATIN), '7А' (CYRILLIC)"
            )
        ],
    ),
    "lookalike subjects": (
        {"subjects": [Subject("хор"), Subject("xop")]},
        [
            "ids that look alike, expected ids that people can tell apart, found 'xop' (LATIN), 'хор' (CYRILLIC)"
        ],
    ),
    "groups in a circle": (
        {
            "groups": [
                group("a", "subgroup", parents=["b"]),
                group("b", "subgroup", parents=["a"]),
                group("c", "subgroup", parents=["c"]),
            ]
        },
        ["a group is part of itself, found ", "a group is part of itself, found "],
    ),
    "groups of the wrong shape": (
        {
            "groups": [
                group("7A"),
                group("7B", parents=["7A"]),
                group("en", "subgroup"),
                group("choir", "stream"),
                group("plan", "plan"),
                group("x", "clas", pupil="p", shift=0),
            ]
        },
        [
            "a class is part of nothing, expected no parents, found 7A @ groups.7B",
            "a stream of nothing, expected its classes in parents @ groups.choir",
            "a subgroup of nothing, expected its classes in parents @ groups.en",
            "an individual plan of nobody, expected its pupil @ groups.plan",
            "unknown kind of group, found 'clas' @ groups.x.kind. Did you mean 'class'?",
            "a clas with a single pupil, expected kind 'plan', found 'p' @ groups.x",
            "not a shift, expected 1 or more, found 0 @ groups.x.shift",
        ],
    ),
    "weeks that are none": (
        {"weeks": [Week("w", [1, 8]), Week("none", [])]},
        [
            "not the days of a week, expected ISO weekdays 1 … 7, at least one, found []",
            "found [1, 8] @ weeks.w",
        ],
    ),
    "bells that overlap": (
        {
            "schedules": [
                BellSchedule(
                    "b",
                    [
                        Bell(1, time(8, 30), time(9, 15)),
                        Bell(2, time(9, 10), time(9, 5)),
                        Bell(2, time(10), time(11)),
                        Bell(-1, time(12), time(13)),
                    ],
                )
            ]
        },
        [
            "slot 2 rings 2 times @ schedules.b",
            "not a slot, expected 0 or more, found -1 @ schedules.b",
            "slot 2 ends before it begins, found 09:10:00 … 09:05:00",
            "slots 1 and 2 overlap, found 08:30 … 09:15 and 09:10 … 09:05",
        ],
    ),
    "bell rules of no day": (
        {"bell_rules": [BellRule("b", weekdays=[0]), BellRule("b", dates=[D(2026, 8, 31)])]},
        ["not weekdays, expected 1 … 7, found [0] @ bell_rules[0]", "a date outside the year"],
    ),
    "days at odds": (
        {
            "closed": [D(2026, 9, 5), D(2026, 9, 6), D(2026, 9, 8)],
            "cancelled": [D(2026, 9, 7), D(2026, 9, 8)],
            "working": [D(2026, 9, 5), D(2026, 9, 7)],
            "moved": [(D(2026, 9, 6), D(2026, 9, 7))],
        },
        [
            "a working day that is also closed, found 2026-09-05",
            "a moved day that is also closed, found 2026-09-06",
            "a working day that is also cancelled, found 2026-09-07",
            "a cancelled day that is also closed, found 2026-09-08",
        ],
    ),
    "moved days that cannot be": (
        {
            "moved": [
                (D(2026, 9, 5), D(2026, 9, 7)),
                (D(2026, 9, 5), D(2026, 9, 8)),
                (D(2026, 9, 6), D(2026, 9, 6)),
                (D(2026, 9, 12), D(2027, 9, 6)),
                (D(2026, 8, 31), D(2026, 9, 1)),
            ]
        },
        [
            "one day taught as 2 others, found 2026-09-05",
            "a date outside the year, expected within 2026-09-01 … 2027-08-31, found 2026-08-31",
            "a day taught as itself, found 2026-09-06",
            "a date outside the year, expected within 2026-09-01 … 2027-08-31, found 2027-09-06",
        ],
    ),
    "a cycle of nothing": (
        {"cycle": Cycle([])},
        ["a cycle without days", "a cycle of weeks or of dates"],
    ),
    "a cycle of both": (
        {
            "cycle": Cycle(
                ["A", "A"],
                anchor=D(2026, 9, 1),
                dates=[(D(2026, 9, 1), "B"), (D(2026, 9, 1), "A"), (D(2028, 1, 1), "A")],
            )
        },
        [
            "day 'A' is given 2 times",
            "a cycle of weeks or of dates, expected either an anchor or dates",
            "not the start of a week, expected a Monday, found 2026-09-01",
            "one date is 2 days of the cycle, found 2026-09-01",
            "unknown day of the cycle, found 'B' @ cycle.dates.2026-09-01",
            "a date outside the year, expected within 2026-09-01 … 2027-08-31, found 2028-01-01",
        ],
    ),
    "a pause without weeks": (
        {"cycle": Cycle(["A"], dates=[(D(2026, 9, 1), "A")], pause=True)},
        ["only weeks can pause"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_fault_is_listed(case: str) -> None:
    """All faults of a calendar, and no other ones, each with its dates."""
    wrong, expected = CASES[case]
    found = faults(**wrong)
    assert len(expected) == len(found), found
    for says, problem in zip(expected, found, strict=True):
        assert says in problem


def test_faults_of_many_kinds_come_together() -> None:
    """One attempt tells all that is to be mended, wherever it stands."""
    together = faults(
        **CASES["a year the wrong way round"][0],
        **CASES["an unknown zone"][0],
        **CASES["lookalike groups"][0],
        **CASES["bells that overlap"][0],
    )
    assert {"zone", "since", "groups", "schedules.b"} == {
        problem.partition(" @ ")[2].partition(". ")[0] for problem in together
    }


def test_a_refusal_is_bad_input() -> None:
    """A host that guards its forms against bad input guards them against bad calendars."""
    with pytest.raises(BadInput):
        Calendar(**(RIGHT | {"staff_week": "x"}))


def test_holidays_inside_a_period_are_no_fault() -> None:
    """A week off in February, or the last days of a quarter on paper, contradict nothing."""
    for inside in (
        free("february", date(2026, 9, 14), date(2026, 9, 21)),
        free("early", date(2026, 10, 20), date(2026, 10, 26)),
        free("late", date(2026, 9, 1), date(2026, 9, 3)),
        free("after", date(2026, 10, 26), date(2026, 10, 27)),
    ):
        assert Calendar(**(RIGHT | {"holiday_sets": [HolidaySet("h", [inside])]}))


def test_holidays_of_other_groups_are_no_fault() -> None:
    """Only what one group has both of can clash."""
    first = HolidaySet("first", [free("more", date(2026, 10, 24), date(2026, 11, 3))])
    assert Calendar(**(RIGHT | {"holiday_sets": [*RIGHT["holiday_sets"], first]}))
    system = PeriodSystem("first", [quarter(1, START, date(2026, 10, 24))])
    assert Calendar(
        **(
            RIGHT
            | {
                "holiday_sets": [*RIGHT["holiday_sets"], first],
                "period_systems": [*RIGHT["period_systems"], system],
                "groups": [group("7A"), group("1A", periods="first", holidays="first")],
            }
        )
    )


def test_periods_can_be_clipped_by_holidays() -> None:
    """Periods without the days at their ends that are holidays, and with those in their middle."""
    year = PeriodSystem(
        "q",
        [
            Q1,
            quarter(2, date(2026, 11, 3), date(2026, 12, 29)),
            quarter(3, date(2027, 1, 11), date(2027, 3, 27)),
        ],
    )
    more = HolidaySet(
        "more",
        [
            free("autumn", date(2026, 10, 24), date(2026, 11, 5)),
            free("winter", date(2027, 1, 11), date(2027, 1, 13)),
            free("february", date(2027, 2, 15), date(2027, 2, 22)),
            free("spring", date(2027, 3, 25), date(2027, 3, 27)),
        ],
    )
    clipped = year.clipped(more, "first")
    assert "first" == clipped.id
    assert [
        (START, date(2026, 10, 24)),
        (date(2026, 11, 5), date(2026, 12, 29)),
        (date(2027, 1, 13), date(2027, 3, 25)),
    ] == [(period.since, period.until) for period in clipped.periods]
    first = group("1A", periods="first", holidays="more")
    assert Calendar(
        **(RIGHT | {"groups": [first], "period_systems": [clipped], "holiday_sets": [more]})
    )


def test_ids_that_only_machines_can_tell_apart() -> None:
    """Scripts, invisible characters, blanks, wide letters and dashes; but not case, nor digits."""
    assert skeleton("7A") == skeleton("７А") == skeleton("7\u200b A") == skeleton("7\xa0Α")
    assert skeleton("8-В") == skeleton("8–B")
    assert skeleton("7A") != skeleton("7a")
    found = lookalikes(["хор", "7А", "7A", "7Б", "xор", "7a", "7A"])
    assert [("7A", "7А"), ("xор", "хор")] == found
