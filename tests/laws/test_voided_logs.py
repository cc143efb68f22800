"""Law 7, trust S1: voiding is metamorphic. 2,000 logs at any time, 50,000 with `--soak`."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from edujournal.ledger.books import BookState, fold
from edujournal.model.entries import Entry
from edujournal.model.people import Actor
from tests.figures import figure

BOOK, SCHOOL = "journal/7A/alg/2026", "school/2026"
ACCOUNTS = ("a", "b", "c", "d")
QUICK = (Phase.generate,)
EFFECTS = ("correction", "annulment", "approval", "confirmation")
#: What is spoken of, where it is not anything that is no change.
TARGETS = {"approval": ("annulment", "correction"), "confirmation": ("substitution",)}
NEEDS = {"roles": ["head"], "count": 1}

#: One entry in the making: kind, account, lesson, what it speaks of counted back, value, a flag.
ROWS = st.lists(
    st.tuples(
        st.sampled_from((
            "mark", "mark", "roll", "topic", "work", "correction", "correction", "annulment",
            "approval", "substitution", "confirmation", "retake",
        )),
        st.sampled_from(ACCOUNTS), st.integers(1, 2), st.integers(1, 6), st.integers(2, 5),
        st.booleans(),
    ),
    min_size=1, max_size=18,
)  # fmt: skip

#: Reports: account, first void entry, whether restored, how far after the fence, whether it is doubt only.
REPORTS = st.lists(
    st.tuples(
        st.sampled_from(ACCOUNTS), st.integers(1, 18), st.booleans(), st.integers(0, 6),
        st.booleans(),
    ),
    max_size=3,
)  # fmt: skip
VOUCHES = st.sets(st.integers(1, 18), max_size=2)


def entries_of(rows):
    """The log of a journal. Changes are of what is no change, approvals of changes, answers of claims."""
    made = []
    for row in rows:
        made.append(_entry(made, *row))
    return made


def _entry(made, kind, account, lesson, back, value, flag):
    number, about, pupil, target = len(made) + 1, f"lesson:l{lesson}", None, None
    role = "substitute" if flag and kind in ("mark", "roll", "topic") else "teacher"
    values = {}
    if kind in EFFECTS:
        meant = TARGETS.get(kind)
        some = [one for one in made
                if (one.kind in meant if meant else one.kind not in EFFECTS)]  # fmt: skip
        if not some:
            return _entry(made, "topic", account, lesson, back, value, flag)
        spoken = some[-1 - back % len(some)]
        about, target = spoken.about, spoken.number
    if kind in ("mark", "retake"):
        pupil, values = f"p-{1 + back % 2}", {"value": value, "kind": "oral"}
        if kind == "retake" and number > back:
            values["retake"] = number - back
        kind = "mark"
    elif kind == "roll":
        values = {"absent": [{"pupil": "p-1", "code": "Н"}] if flag else []}
    elif kind == "work":
        about, values = f"work:w{back}", {"kind": "control", "lesson": f"l{lesson}"}
    elif kind == "substitution":
        values, role = {"teacher": account}, "substitute"
    elif kind == "correction":
        values = {"change": {"value": value}} | ({"needs": NEEDS} if flag else {})
    elif kind == "annulment":
        values = {"needs": NEEDS} if flag else {}
    elif kind in ("approval", "confirmation"):
        role, values = "head", {"accept": flag} if kind == "confirmation" else {}
    if kind in ("correction", "annulment"):
        pupil = spoken.pupil
    return Entry(
        BOOK, number, kind, about, pupil, values, {}, Actor(account, role), "", 100 + number,
        target=target,
    )  # fmt: skip


def school_of(reports, vouches):
    """The log of the school book: the head reports, and restores what it has reported."""
    made = []

    def add(kind, account, by, **values):
        made.append(Entry(
            SCHOOL, len(made) + 1, kind, f"account:{account}", None,
            {"account": account, "year": "2026", **values}, {}, Actor(by, "head"), "",
            1_000 + len(made),
        ))  # fmt: skip

    for account, first, restored, after, only_doubt in reports:
        fence = [{"book": BOOK, "n": first}]
        add(
            "compromise", account, "boss", doubtful=fence, **({} if only_doubt else {"void": fence})
        )
        if restored:
            add("restoration", account, "boss", limits=[{"book": BOOK, "n": first + after}])
    for number in sorted(vouches):
        add("vouch", "a", "owner", book=BOOK, n=number)
    return made


def void_numbers(entries, reports, vouches):
    """Which entries do not count, reckoned from the reports alone.

    A restoration ends every report of its account that stands before it.
    """
    spans = {}
    for account, first, restored, after, only_doubt in reports:
        mine = spans.setdefault(account, [])
        mine.append([first, None, only_doubt])
        if restored:
            for span in mine:
                span[1] = first + after if span[1] is None else span[1]
    return {
        entry.number
        for entry in entries
        for first, limit, only_doubt in spans.get(entry.by.account, ())
        if not only_doubt and entry.number >= first and entry.number not in vouches
        and (limit is None or entry.number < limit)
    }  # fmt: skip


def without(entries, void):
    """The log as if the void entries, and what speaks of them, had never been written."""
    numbers, kept = {}, []
    for entry in entries:
        if entry.number in void or (entry.target is not None and entry.target not in numbers):
            continue
        numbers[entry.number] = len(kept) + 1
        values = dict(entry.values)
        if "retake" in values:
            values["retake"] = numbers.get(values["retake"], -1)
        target = None if entry.target is None else numbers[entry.target]
        kept.append(evolve(entry, number=len(kept) + 1, target=target, values=values))
    return fold(BOOK, kept)


def says(state):
    """All that a book says; entries are named by their moment, for numbers differ."""

    def original(now):
        first = state.entry(now.values.get("retake", 0))
        if first is None or first.kind != "mark" or not state.stands(first):
            return None
        return first.at

    def told(entry):
        now = state.reading(entry)
        values = {name: value for name, value in now.values.items() if name != "retake"}
        return (entry.at, entry.kind, entry.about, entry.pupil, repr(values), original(now),
                state.agreement(entry))  # fmt: skip

    standing = [one for one in state.entries if state.stands(one)]
    names = {one.about for one in standing}
    return {
        "entries": [told(one) for one in standing if one.kind not in EFFECTS],
        "changes": [
            (one.at, state.agreement(one)) for one in standing
            if one.kind in ("correction", "annulment") and state.stands(state.entry(one.target))
        ],
        "rolls": {name: roll.values for name in names if (roll := state.roll(name))},
        "claims": {
            name: found for name in names
            if (found := [(one.at, answer) for one, answer in state.claims(name)])
        },
        "works": sorted(repr(one) for one in state.works()),
        "at lessons": [repr(state.work_at(f"l{n}", "control")) for n in (1, 2)],
        "absent": [state.absence(f"lesson:l{n}", "p-1") for n in (1, 2)],
        "by pupil": [
            [one.at for one in state.of_pupil("mark", f"lesson:l{n}", "p-1")] for n in (1, 2)
        ],
        "corrected": [
            (one.at, [it.at for it in state.corrections(one.number)])
            for one in standing if one.kind not in EFFECTS
        ],
    }  # fmt: skip


def compared(rows, reports, vouches):
    """Hold a log with a report to the log without what the report makes void; give how many that is."""
    entries = entries_of(rows)
    state = fold(BOOK, entries)
    before = [repr(one) for one in state.entries]
    state.fences = fold(SCHOOL, school_of(reports, vouches)).own_fences
    void = void_numbers(entries, reports, vouches)
    assert says(without(entries, void)) == says(state)
    assert before == [repr(one) for one in state.entries]
    return len(void)


def looked_over(logs):
    """Hold the law over so many logs, and tell how many they were."""
    looked = voided = 0

    @settings(max_examples=logs, suppress_health_check=list(HealthCheck))
    @given(rows=ROWS, reports=REPORTS, vouches=VOUCHES)
    def each(rows, reports, vouches):
        nonlocal looked, voided
        voided += compared(rows, reports, vouches)
        looked += 1

    each()
    assert looked >= logs
    assert voided > 0
    figure("S1", "logs", looked)
    figure("S1", "void entries in them", voided)
    figure("S1", "differences", 0)


def test_void_is_as_if_never_written():
    """2,000 logs: with its reports a book says what it would say without the void entries."""
    looked_over(2_000)


@pytest.mark.soak
def test_void_is_as_if_never_written_for_long():
    """50,000 logs."""
    looked_over(50_000)


@pytest.mark.parametrize(
    "forget",
    ["annulled", "approved", "corrections", "claims", "fence", "restoration", "vouch"],
)
def test_the_law_tells_a_book_that_forgets(forget, monkeypatch):
    """A fold that leaves one way out of voiding is caught: the law can fail."""
    from edujournal.ledger import validity

    if forget == "annulled":
        monkeypatch.setattr(
            BookState, "annulled_by", lambda self, n: next(iter(self._annulled.get(n, ())), None)
        )
    elif forget == "approved":
        monkeypatch.setattr(
            BookState,
            "approvals",
            lambda self, n: (self.entries[by - 1] for by in self._approvals.get(n, ())),
        )
    elif forget == "corrections":
        monkeypatch.setattr(
            BookState,
            "corrections",
            lambda self, n: (
                one
                for by in self._changes.get(n, ())
                if self.is_approved(one := self.entries[by - 1])
            ),
        )
    elif forget == "claims":
        monkeypatch.setattr(BookState, "_is_declined", lambda self, entry: False)
        monkeypatch.setattr(
            BookState,
            "_plain",
            lambda self, kind, about: (
                self.entries[n - 1] for n in self._about.get((kind, about), ())
            ),
        )
    elif forget == "fence":
        monkeypatch.setattr(
            validity.Fence, "standing", lambda self, book, number: validity.Standing.DOUBTFUL
        )
    elif forget == "restoration":
        known = validity.Fence.standing
        monkeypatch.setattr(
            validity.Fence,
            "standing",
            lambda self, book, n: known(evolve(self, restored=None), book, n),
        )
    else:
        known_of = validity.Fences.standing
        monkeypatch.setattr(
            validity.Fences,
            "standing",
            lambda self, entry: known_of(evolve(self, vouched={}), entry),
        )

    @settings(
        max_examples=3_000,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        phases=QUICK,
        suppress_health_check=list(HealthCheck),
    )
    @given(rows=ROWS, reports=REPORTS, vouches=VOUCHES)
    def law(rows, reports, vouches):
        compared(rows, reports, vouches)

    with pytest.raises(AssertionError):
        law()
