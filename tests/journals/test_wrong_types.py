"""Values of another type than is declared: every draft, every argument, every wrong value."""

from __future__ import annotations

import asyncio
import inspect
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from types import MappingProxyType

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.changeable import TEXTS, VALUES
from edujournal.model.drafts import DRAFTS
from edujournal.model.entries import Content
from edujournal.model.facts import Facts

JOURNAL = "7A/alg/2026"
NOON = datetime(2026, 9, 15, 9, tzinfo=UTC)
NAIVE = datetime(2026, 9, 15)  # noqa: DTZ001 - a moment without a zone is what is tested

#: A draft of each kind as it should be.
RIGHT = {
    "annulment": ej.Annulment(journal=JOURNAL, entry=1),
    "approval": ej.Approval(journal=JOURNAL, entry=1),
    "archiving": ej.Archiving(group="7A", year="2026", journals=[JOURNAL], digest="0" * 64),
    "closing": ej.Closing(journal=JOURNAL),
    "comment": ej.Comment(pupil="p-1", lesson="l1", comment="well done"),
    "compromise": ej.Compromise(account="t-1", year="2026", head=NOON),
    "confirmation": ej.Confirmation(lesson="l1", entry=1),
    "correction": ej.Correction(journal=JOURNAL, entry=1, values={"value": 4}),
    "disclosure": ej.Disclosure(event="e", account="t-1", noticed=NOON, to="head", year="2026"),
    "erasure": ej.Erasure(id="e", year="2026", records={f"journal/{JOURNAL}": [1]}, ground="asked"),
    "excuse": ej.Excuse(
        pupil="p-1", group="7A", since=date(2026, 9, 1), until=date(2026, 9, 3), code="Б"
    ),
    "grant": ej.Grant(
        id="g", account="t-2", journal=JOURNAL, since=NOON, until=NOON + timedelta(1), ground="ill"
    ),
    "homework": ej.Homework(lesson="l1", task="§ 3"),
    "issue": ej.Issue(
        id="i",
        year="2026",
        paper="sheet",
        of="7A/2026",
        digest="0" * 64,
        made_of={f"journal/{JOURNAL}": 1},
    ),
    "makeup": ej.MakeUp(pupil="p-1", lesson="l1", value=4, protocol="7", held=date(2026, 9, 15)),
    "mark": ej.Mark(pupil="p-1", lesson="l1", value=5, kind="oral"),
    "marker": ej.Marker(pupil="p-1", code="осв", lesson="l1"),
    "message": ej.Message(group="7A", message="meeting", day=date(2026, 9, 15)),
    "release": ej.Release(id="r", year="2026", ground="asked"),
    "restriction": ej.Restriction(
        id="r", year="2026", records={f"journal/{JOURNAL}": [1]}, ground="asked"
    ),
    "restoration": ej.Restoration(account="t-1", year="2026"),
    "result": ej.PeriodResult(journal=JOURNAL, period="q1", pupil="p-1", value=5),
    "roll": ej.RollCall(lesson="l1", absent={"p-1": "Б"}),
    "setup": ej.SetUp(section="bells", year="2026"),
    "substitution": ej.Substitution(lesson="l1", teacher="t-2"),
    "topic": ej.Topic(lesson="l1", topic="fractions"),
    "vouch": ej.Vouch(account="t-1", book=f"journal/{JOURNAL}", entry=1, year="2026"),
    "waiver": ej.Waiver(
        id="w", clauses=["2.5"], since=NOON, until=NOON + timedelta(1), year="2026", ground="ill"
    ),
    "work": ej.NewWork(id="w", kind="control", lesson="l1"),
}

#: Values, each with the word in an annotation that lets it in.
VALUES_OF = {
    "None": None,
    "str": "text",
    "int": 5,
    "bool": True,
    "Decimal": Decimal("4.5"),
    "date": date(2026, 9, 15),
    "datetime": NOON,
    "Mapping": {"p-1": "Б"},
    "Sequence": ["one"],
    "Evidence": ej.Evidence(),
    "JournalId": ej.JournalId("7A", "alg", "2026"),
    # Nothing takes these.
    "float": 4.5,
    "Fraction": Fraction(1, 2),
    "complex": 1j,
    "bytes": b"text",
    "naive": NAIVE,
    "time": NOON.timetz(),
    "object": object(),
    "class": ej.Mark,
    "function": len,
    "unhashable": [{}],
    "set of sets": {frozenset()},
    "Ellipsis": ...,
}

#: What lets a value in that its annotation does not name, or names otherwise.
ALSO = {
    "MarkValue": {"int", "str", "Decimal"},
    "Sequence": {"str"},  # a single text is one of them
}


def words(annotation: object) -> set[str]:
    """Words of the outermost part of an annotation."""
    flat, depth = "", 0
    for letter in str(annotation):
        depth += (letter == "[") - (letter == "]")
        flat += letter if not depth else " "
    found = {one.strip("[] ") for one in flat.split("|")}
    if "Sequence[str | JournalId]" in str(annotation):
        found.add("JournalId")
    return found.union(*(ALSO.get(one, set()) for one in found))


#: Every field of every draft.
FIELDS = [
    pytest.param(draft, one.name, id=f"{kind}.{one.name}")
    for kind, draft in [*RIGHT.items(), ("absence", ej.Absence("Б"))]
    for one in attrs.fields(type(draft))
]


def told(error: ej.BadInput, where: str) -> None:
    """The error says where, what was expected, what was found."""
    for problem in error.problems:
        assert problem.where.startswith(where), problem
        assert problem.what
        assert problem.expected
        assert problem.found


def test_there_is_a_right_draft_of_each_kind(journals):
    """The table above is whole, and its drafts are right: each gets a verdict."""
    assert RIGHT.keys() == DRAFTS.keys()
    journals.record(RIGHT["mark"], by="t-1")
    for draft in RIGHT.values():
        assert isinstance(journals.check(draft, by="head"), ej.Verdict)


@pytest.mark.parametrize(("draft", "name"), FIELDS)
def test_a_wrong_type_in_a_draft_is_told_with_its_place(draft, name):
    """Whoever makes a draft of wrong types is told field, expected and found, and gets no draft."""
    lets_in = words(inspect.get_annotations(type(draft))[name])
    for value in [one for word, one in VALUES_OF.items() if word not in lets_in]:
        with pytest.raises(ej.BadInput) as caught:
            attrs.evolve(draft, **{name: value})
        told(caught.value, f"{type(draft).__name__}.{name}")


@pytest.mark.parametrize(
    ("make", "where", "expected"),
    [
        (lambda: ej.RollCall(lesson="l1", absent={"p-1": 5}), "RollCall.absent['p-1']", "Absence"),
        (lambda: ej.RollCall(lesson="l1", absent={5: "Б"}), "RollCall.absent: a key", "text"),
        (lambda: ej.Waiver(id="w", clauses=["2.5", 5], since=NOON, until=NOON, year="2026",
                           ground="x"), "Waiver.clauses[1]", "text"),
        (lambda: ej.Mark(pupil="p", lesson="l", value=5, evidence=ej.Evidence(lo="x")),
         "Mark.evidence.lo", "a whole number"),
        (lambda: ej.Mark(pupil="p", lesson="l", value=5, evidence=ej.Evidence(author=5)),
         "Mark.evidence.author", "text"),
        (lambda: ej.Vouch(account="t", book="b", entry=True, year="2026"), "Vouch.entry", "number"),
        (lambda: ej.Disclosure(event="e", account="t", noticed=NAIVE, to="head", year="2026"),
         "Disclosure.noticed", "aware"),
    ],
)  # fmt: skip
def test_what_is_wrong_inside_is_told_by_its_path(make, where, expected):
    """A wrong value inside a mapping, a sequence or an evidence is named by its path."""
    with pytest.raises(ej.BadInput) as caught:
        make()
    told(caught.value, where)
    assert expected in caught.value.problems[0].expected


def test_a_float_is_told_how_to_be_exact():
    """The commonest mistake of all gets the way out."""
    with pytest.raises(ej.BadInput, match=r"Decimal\('4.5'\)"):
        ej.Mark(pupil="p-1", lesson="l1", value=4.5)


def test_what_only_behaves_like_text_or_a_number_is_kept_as_that(journals):
    """A host's enums, proxies and other time zones are as good as plain values."""

    class Kind(StrEnum):
        ORAL = "oral"
        PUPIL = "p-1"

    class Five(IntEnum):
        FIVE = 5

    zone = timezone(timedelta(hours=5))
    mark = ej.Mark(lesson="l1", pupil=Kind.PUPIL, kind=Kind.ORAL, value=Five.FIVE)
    journals.record(mark, by="t-1")
    roll = ej.RollCall(lesson="l1", absent=MappingProxyType(OrderedDict({Kind.PUPIL: "Б"})))
    journals.record(roll, by="t-1")
    early = datetime(2026, 9, 1, tzinfo=zone)
    grant = attrs.evolve(RIGHT["grant"], since=early)
    journals.record(grant, by="head")
    kept = journals.state(f"journal/{JOURNAL}").entry(1)
    assert (str, str, int) == tuple(map(type, (kept.pupil, *kept.values.values())))
    assert journals.verify().assurance


# -- corrections -----------------------------------------------------------------------------------

WRONG_CHANGES = [
    (name, value)
    for name in sorted(frozenset().union(*VALUES.values()) | {"teacher", "accept"})
    for value in (object(), 4.5, b"x", [object()], {"a": object()}, NAIVE, len, [{}], ej.Mark)
]


@pytest.mark.parametrize(("name", "value"), WRONG_CHANGES)
def test_a_correction_holds_its_values_to_their_types(journals, name, value):
    """What an entry could not say is not put into it by a correction either."""
    journals.record(RIGHT["work"], by="t-1")
    draft = ej.Correction(journal=JOURNAL, entry=1, values={name: value}, reason="x")
    for act in (journals.record, journals.check):
        with pytest.raises(ej.BadInput):
            act(draft, by="t-1")
    assert 1 == journals.state(f"journal/{JOURNAL}").number


@pytest.mark.parametrize("held", ["garbage", "2026-13-01", "15.09.2026", 20260915])
def test_no_correction_makes_a_day_of_garbage(journals, held):
    """A day that is none would make the book unreadable for ever."""
    journals.record(RIGHT["work"], by="t-1")
    with pytest.raises(ej.BadInput, match=r"Correction\.values\.held"):
        journals.record(
            ej.Correction(journal=JOURNAL, entry=1, values={"held": held}, reason="x"), by="t-1"
        )


def test_a_misspelt_value_is_told_with_the_nearest():
    """Nobody would ever read what is put under a name that no entry has."""
    draft = ej.Correction(journal=JOURNAL, entry=1, values={"vlaue": 5})
    with pytest.raises(ej.BadInput, match="Did you mean 'value'"):
        draft.content()
    draft = ej.Correction(journal=JOURNAL, entry=1, texts={"coment": "x"})
    with pytest.raises(ej.BadInput, match="Did you mean 'comment'"):
        draft.content()


@pytest.mark.parametrize(
    ("first", "change"),
    [
        ("mark", {"values": {"absent": {"p-1": "Б"}}}),
        ("mark", {"texts": {"topic": "x"}}),
        ("roll", {"values": {"value": 5}}),
        ("topic", {"values": {"held": date(2026, 9, 15)}}),
        ("homework", {"values": {"value": 5}}),
        ("comment", {"values": {"kind": "oral"}}),
        ("result", {"values": {"marker": "н/а"}}),
    ],
)
def test_what_an_entry_does_not_have_is_not_corrected(journals, clock, first, change):
    """A correction of what the entry does not say, or into two things at once, is refused."""
    clock.at = NOON if first != "result" else datetime(2026, 10, 22, 9, tzinfo=UTC)
    journals.record(RIGHT[first], by="t-1")
    draft = ej.Correction(journal=JOURNAL, entry=1, reason="x", **change)
    with pytest.raises(ej.Refused, match="no-such-value"):
        journals.record(draft, by="t-1")
    assert 1 == journals.state(f"journal/{JOURNAL}").number


def test_a_correction_leads_to_no_lesson_of_elsewhere(journals):
    """A lesson that nobody knows, or of another journal, is told before anything is written."""
    journals.record(RIGHT["work"], by="t-1")
    change = {"journal": JOURNAL, "entry": 1, "reason": "x"}
    with pytest.raises(ej.Unknown, match="l11"):
        journals.record(ej.Correction(values={"lesson": "l11"}, **change), by="t-1")
    with pytest.raises(ej.BadInput, match="a lesson of another journal"):
        journals.record(ej.Correction(values={"lesson": "l2"}, **change), by="t-1")
    assert 1 == journals.state(f"journal/{JOURNAL}").number


# -- what is no draft at all -----------------------------------------------------------------------

NO_DRAFTS = [None, 5, "mark", b"", {}, [], object(), ej.Mark, ("mark",), RIGHT["mark"].content()]


class Foreign:
    """A draft of a host's own that says what it is told to."""

    def __init__(self, content, evidence=None):
        self.evidence = evidence
        self._content = content

    def content(self):
        """Whatever it is."""
        return self._content


NO_CONTENT = [
    None,
    5,
    {"kind": "mark"},
    Content("mark", 5),
    Content(None, "lesson:l1"),
    Content("mark", "lesson:l1", ["p-1"]),
    Content("mark", "lesson:l1", "p-1", {"value": 5, "x": 1.5}, lesson="l1"),
    Content("mark", "lesson:l1", "p-1", {"value": object()}, lesson="l1"),
    Content("mark", "lesson:l1", "p-1", {"value": 5}, {"comment": 5}, lesson="l1"),
    Content("mark", "lesson:l1", "p-1", {"value": 10**20}, lesson="l1"),
    Content("mark", "lesson:l1", "p-1", {"value": 5}, {"comment": "\ud800"}, lesson="l1"),
    Content("mark", "lesson:l1", "p-1", {"value": 5}, target="x", lesson="l1"),
]


@pytest.mark.parametrize("method", ["record", "check", "record_many", "check_many"])
@pytest.mark.parametrize("wrong", [*NO_DRAFTS, *map(Foreign, NO_CONTENT), Foreign(5, 5)])
def test_what_is_no_draft_is_told_and_nothing_is_written(journals, method, wrong):
    """Right drafts before and after a wrong one are not written either."""
    many = method.endswith("many")
    with pytest.raises(ej.BadInput) as caught:
        getattr(journals, method)([RIGHT["mark"], wrong, RIGHT["topic"]] if many else wrong, "t-1")
    assert caught.value.problems[0].where
    assert [] == list(journals.store.books("s-1"))


@pytest.mark.parametrize("method", ["record_many", "check_many"])
@pytest.mark.parametrize("wrong", [None, 5, "mark", {}, RIGHT["mark"], object()])
def test_many_drafts_are_several(journals, method, wrong):
    """A single draft is not several: it is told to be put in a list."""
    with pytest.raises(ej.BadInput, match="list"):
        getattr(journals, method)(wrong, "t-1")


def test_a_generator_of_drafts_is_taken(journals):
    """Any iterable will do, and is gone through once."""
    receipts = journals.record_many((one for one in (RIGHT["mark"], RIGHT["topic"])), by="t-1")
    assert [1, 2] == [one.number for one in receipts]


# -- arguments -------------------------------------------------------------------------------------

GOOD = {
    "accesses": [],
    "facts": Facts("s-1", ()),
    "at": 0,
    "draft": RIGHT["mark"],
    "drafts": [RIGHT["mark"]],
    "by": "t-1",
    "book": f"journal/{JOURNAL}",
    "journal": JOURNAL,
    "period": "q1",
    "year": "2026",
    "account": "t-1",
    "view": "page",
    "of": JOURNAL,
    "pupils": ["p-1"],
}

#: Arguments with what they must not be given; what a name does not tell is told for one method.
BAD = {
    "accesses": [None, 5, "x", [5], [None]],
    "facts": [None, 5, {}, object()],
    "draft": NO_DRAFTS,
    "drafts": [None, 5, "x"],
    "by": [None, 5, b"t-1", ["t-1"], object(), ej.Actor(5), ej.Actor("t-1", 5), ej.Actor],
    "statistics.by": [None, 5, {"class": 1}, [5], object()],
    "key": [5, b"k", ["k"], object(), True],
    "role": [5, b"r", ["teacher"], object()],
    "book": [None, 5, b"x", ["x"], object()],
    "books": [5, "journal/x", [5], object()],
    "as_of": ["2026-09-15", 5.5, True, NAIVE, date(2026, 9, 15), object()],
    "at": ["2026-09-15", 5.5, True, NAIVE, date(2026, 9, 15), object()],
    "since": ["2026-09-15", 5, NOON, object()],
    "until": ["2026-09-15", 5, NOON, object()],
    "reads_of.since": ["2026-09-15", 5.5, True, NAIVE, date(2026, 9, 15), object()],
    "reads_of.until": ["2026-09-15", 5.5, True, NAIVE, date(2026, 9, 15), object()],
    "view": [None, 5, b"page", ["page"]],
    "of": [None, 5, b"x", ["x"]],
    "pupils": [None, 5, "p-1", [5], object()],
    "everything": [None, 1, "yes"],
    "progress": [5, "print"],
    "account": [5, ["t-1"], object()],
    "journal": [None, 5, b"x", ["7A", "alg", "2026"]],
    "period": [None, 5, ["q1"]],
    "periods": [5, "q1", [5], object()],
    "stage": [5, ["period"]],
    "groups": [5, "7A", [5], object()],
    "year": [5, 2026, ["2026"]],
    "store": [None, 5, "memory:", object(), MemoryStore],
    "school": [None, 5, "s-1", object()],
    "regulation": [None, 5, object(), [5]],
    "clock": [5, "now"],
    "entropy": [5, b"x"],
    "keeps_sheets": [1, "yes"],
}


#: Every argument of every public method of the journals.
ARGUMENTS = [
    pytest.param(cls, name, argument, id=f"{cls.__name__}.{name}-{argument}")
    for cls in (ej.Journals, ej.AsyncJournals)
    for name, method in inspect.getmembers(cls, inspect.isfunction)
    if (not name.startswith("_") or name == "__init__") and name in vars(cls)
    for argument in list(inspect.signature(method).parameters)[1:]
]


@pytest.mark.parametrize(("cls", "name", "argument"), ARGUMENTS)
def test_a_wrong_argument_is_told_with_its_name(school, clock, cls, name, argument):
    """Method and argument are named, and nothing has happened."""
    store = MemoryStore()
    made = {"store": store, "school": school, "regulation": "ru-school26-2023", "clock": clock}
    for wrong in BAD.get(f"{name}.{argument}", BAD[argument]):
        with pytest.raises(ej.BadInput) as caught:
            asked(cls, name, made, {argument: wrong})
        told(caught.value, "" if name == "__init__" else f"{cls.__name__}.{name}({argument}=")
    assert [] == list(store.books("s-1"))


def asked(cls, name, made, wrong):
    """Call a method of journals that are *made*, rightly but for what is *wrong*."""
    if name == "__init__":
        return cls(**{**made, **wrong})
    takes = inspect.signature(getattr(cls, name)).parameters.values()
    right = {
        one.name: GOOD[one.name] for one in takes if one.name in GOOD and one.default is one.empty
    }
    answer = getattr(cls(**made), name)(**{**right, **wrong})
    return asyncio.run(answer) if inspect.isawaitable(answer) else answer


@pytest.mark.parametrize("wrong", [None, 5, b"memory:", object(), ["memory:"], MemoryStore])
def test_what_is_no_store_is_not_opened(school, wrong):
    """Whatever is neither a URL nor an engine nor a store is told what it should have been."""
    with pytest.raises(ej.BadInput, match="store"):
        ej.open(wrong, school=school, regulation="ru-school26-2023")


# -- whatever is taken can be read back ------------------------------------------------------------

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.integers(-2, 7),
    st.decimals(),
    st.text(max_size=6),
    st.sampled_from(
        ["oral", "control", "monitoring", "p-1", "t-1", "осв", "Н", "2026-09-16", "l1"]
    ),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.lists(st.sampled_from(["t-1", "t-2", ""]), max_size=2),
    st.dictionaries(
        st.sampled_from(["p-1", "p-2", "x"]), st.sampled_from(["Н", "", None]), max_size=2
    ),
)
CHANGES = st.builds(
    lambda values, texts: {"values": values, "texts": texts},
    st.dictionaries(
        st.sampled_from([*sorted(frozenset().union(*VALUES.values())), "teacher"]), ODD, max_size=2
    ),
    st.dictionaries(
        st.sampled_from(sorted(frozenset().union(*TEXTS.values()))), st.text(max_size=4), max_size=1
    ),
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(DRAFTS)),
    fields=st.dictionaries(st.integers(0, 9), ODD, max_size=3),
    change=CHANGES,
)
@example("work", {}, {"values": {"kind": 5}, "texts": {}})
def test_whatever_is_taken_can_be_read_back(school, clock, kind, fields, change):
    """Odd values are an error of the library or a verdict; a book that took one is read as before."""
    clock.at = NOON
    journals = ej.Journals(MemoryStore(), school, "ru-school26-2023", clock=clock)
    draft = RIGHT[kind]
    names = [one.name for one in attrs.fields(type(draft))]
    acts = [
        lambda: attrs.evolve(draft, **{names[n]: v for n, v in fields.items() if n < len(names)}),
        lambda: ej.Correction(journal=JOURNAL, entry=1, reason="x", **change),
    ]
    for act in acts:
        for by in ("t-1", "head"):
            try:
                journals.record(act(), by=by)
            except ej.EdujournalError:
                continue
            break
    list(journals.audit(everything=True))
    journals.due()
    journals.proposals(JOURNAL, "q1")
    journals.statistics(["pupil"])
    assert journals.verify().assurance
