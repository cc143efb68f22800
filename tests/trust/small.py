"""A small school for searches that go through journals."""

from __future__ import annotations

from edujournal.testing.case_schools import school_of

PUPILS = 40
LESSONS = 50


def a_school():
    """A class with many pupils and a lesson on many days."""
    problems = []
    lessons = {
        f"l{n}": f"7A alg 2026-09-{1 + n % 28:02} {8 + n // 28:02}:00-{8 + n // 28:02}:45"
        for n in range(LESSONS)
    }
    made = school_of(
        {
            "school": "s-1", "days": "2026-09-01 to 2027-05-31", "weeks": {"w": [1, 2, 3, 4, 5, 6, 7]},
            "periods": {"q": {"q1": "quarter 2026-09-01 to 2026-10-25"}}, "holidays": {"h": {}},
            "groups": {"7A": "class grade 7"}, "subjects": ["alg"], "lessons": lessons,
            "pupils": {"7A": [f"p-{n}" for n in range(PUPILS)]},
            "accounts": {"t-1": ["teacher", "teaches 7A alg"]},
        },
        "school", problems,
    )  # fmt: skip
    assert [] == problems
    return made
