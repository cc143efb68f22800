"""Loading a regulation: every mistake is answered with where, what, expected, found, the nearest name."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edujournal.errors import BadInput, BadRegulation, EdujournalError, Unknown
from edujournal.rules.loading import content, load, parse, structure

HEAD = 'format = 1\nid = "x"\ntitle = { ru = "п", en = "p" }\n'
CLAUSE = '[[clauses]]\nnumber = "1"\ngist = { ru = "п", en = "p" }\n'
RULE = CLAUSE + "[[clauses.rules]]\n"
DAY = '{ anchor = "day", snap = "end_of_day" }'
TIMED = RULE + 'kind = "timing"\nrecord = "homework"\n'
WORD = 'title = { ru = "п", en = "p" }\n'
PLACE = "x.clauses[0].rules[0]"

MISTAKES = [
    # the top
    ("id = 5", "x.id", "text"),
    ("idd = 5", "x.idd", "Did you mean 'id'?"),
    ("in_force = { since = 2026-09-01, until = 2026-09-01 }", "x.in_force", "since before until"),
    ("in_force = { since = 2026-09-01T00:00:00 }", "x.in_force.since", "a day"),
    ("in_force = { from = 2026-09-01 }", "x.in_force.from", "unknown field 'from'"),
    ('default_scale = "5"', "x.default_scale", "unknown scale"),
    ("given = { a = true }", "x.given.a", "a whole number or a day"),
    ("given = 5", "x.given", "a table"),
    ("sections = 5", "x.sections", ""),
    ('sections = ["bells", 5]', "x.sections[1]", "text"),
    ("reopen_days = true", "x.reopen_days", "a whole number"),
    ('reminders = [{ role = "teacher" }]', "x.reminders[0].after", "'after' is missing"),
    ('reminders = [{ role = "teacher", after = "soon" }]', "x.reminders[0].after", "not a shift"),
    # vocabulary
    (f'[[work_kinds]]\ncode = "a"\n{WORD}[[work_kinds]]\ncode = "a"\n{WORD}', "x.work_kinds", "said twice"),
    (f"[[work_kinds]]\n{WORD}", "x.work_kinds[0].code", "'code' is missing"),
    (f'[[work_kinds]]\ncode = "a"\n{WORD}written = "yes"', "x.work_kinds[0].written", "true or false"),
    (f'[[markers]]\ncode = "a"\naliases = ["b"]\n{WORD}[[markers]]\ncode = "b"\n{WORD}', "x.markers", "said twice"),
    # clauses
    (CLAUSE + CLAUSE, "x.clauses", "said twice"),
    ('[[clauses]]\nnumber = "1"\n', "x.clauses[0].gist", "'gist' is missing"),
    ('[[clauses]]\nnumber = "1"\ngist = { ru = "п" }\n', "x.clauses[0].gist.en", "'en' is missing"),
    (RULE + 'kind = "timings"', PLACE + ".kind", "Did you mean 'timing'?"),
    (RULE + 'record = "mark"', PLACE + ".kind", "unknown kind of rule"),
    (RULE + 'kind = "timing"\nrecord = "marks"', PLACE + ".record", "Did you mean 'mark'?"),
    (TIMED + f"closs = {DAY}", PLACE + ".closs", "Did you mean 'closes'?"),
    (TIMED + "closes = 5", PLACE + ".closes", "a table"),
    (TIMED + 'closes = { anchor = "day" }', PLACE + ".closes", "Add snap"),
    (TIMED + 'closes = { anchor = "day", shift = "+1 hours", snap = "end_of_day" }', PLACE + ".closes", "minutes"),
    (TIMED + 'quorum = "once"', PLACE + ".closes", "a closing bound"),
    (TIMED + 'quorum = "onse"', PLACE + ".quorum", "Did you mean 'once'?"),
    (TIMED + 'quorum = { each = "pupils" }', PLACE + ".quorum.each", "unknown set"),
    (TIMED + "quorum = { all = 1 }", PLACE + ".quorum", "unknown field 'all'"),
    (TIMED + f'closes = {DAY}\nseverity = "most"', PLACE + ".severity", "Did you mean 'must'?"),
    (TIMED + f'closes = {DAY}\non_breach = "shout"', PLACE + ".on_breach", "unknown effect"),
    (TIMED + f'closes = {DAY}\nwhen_missing = "mising"', PLACE + ".when_missing", "Did you mean 'missing'?"),
    (TIMED + f'closes = {DAY}\ninstead_of = "9"', PLACE + ".instead_of", "unknown clause"),
    (TIMED + f"closes = {DAY}\nwhen = {{ graed = 7 }}", PLACE + ".when.graed", "Did you mean 'grade'?"),
    (TIMED + f"closes = {DAY}\nwhen = {{ grade = [] }}", PLACE + ".when.grade", "at least one value"),
    (TIMED + f"closes = {DAY}\nwhen = {{ grade = 7.5 }}", PLACE + ".when.grade", "text, number or truth value"),
    (TIMED + f'closes = {DAY}\nwhen = {{ work_kind = "essay" }}', PLACE + ".when.work_kind", "unknown kind of work"),
    (TIMED + f"closes = {DAY}\nwhen = 7", PLACE + ".when", "a table"),
    (TIMED + f'opens = {DAY}\ncloses = {{ anchor = "day", snap = "start_of_day" }}', PLACE, "an empty window"),
    (TIMED + 'opens = { max = [{ anchor = "lesson.start" }, { anchor = "lesson.end", shift = "+1 hours" }] }\n'
             'closes = { anchor = "lesson.end" }', PLACE, "max(lesson.start, lesson.end +1 hours)"),
    (TIMED + f'closes = {DAY}\n[[clauses.rules]]\nkind = "timing"\nrecord = "homework"\ncloses = {DAY}',
     "x.clauses[0].rules[1].when", "overlap"),
    # the other families
    (RULE + 'kind = "quantity"\nrecord = "result"\neach = "roll"', PLACE + ".by", "'by' is missing"),
    (RULE + 'kind = "quantity"\nrecord = "result"\neach = "roll"\nby = { anchor = "period.end" }', PLACE + ".by", "Add snap"),
    (RULE + 'kind = "rights"\nrole = "head"\nrecords = ["mark"]', PLACE, "may or may_not"),
    (RULE + 'kind = "rights"\nrole = "head"\nmay = "write"\nmay_not = "read"\nrecords = ["mark"]', PLACE, "may or may_not"),
    (RULE + 'kind = "rights"\nrole = "head"\nmay = "wrote"\nrecords = ["mark"]', PLACE + ".may", "Did you mean 'write'?"),
    (RULE + 'kind = "rights"\nrole = "head"\nmay_not = "wrote"\nrecords = ["mark"]', PLACE + ".may_not", "unknown action"),
    (RULE + 'kind = "rights"\nrole = "head"\nmay = "write"\nrecords = []', PLACE + ".records", "a right over nothing"),
    (RULE + 'kind = "rights"\nrole = "head"\nmay = "write"\nrecords = ["mrk"]', PLACE + ".records", "Did you mean 'mark'?"),
    (RULE + 'kind = "rights"\nrole = "head"\nmay = "write"\nrecords = ["mark"]\nscope = "scool"', PLACE + ".scope",
     "Did you mean 'school'?"),
    (RULE + 'kind = "relation"\nrecord = "mark"', PLACE, "requires or excludes"),
    (RULE + 'kind = "relation"\nrecord = "mark"\nrequires = "knid"', PLACE + ".requires", "Did you mean 'kind'?"),
    (RULE + 'kind = "relation"\nrecord = "mark"\nexcludes = "knid"', PLACE + ".excludes", "unknown predicate"),
    (RULE + 'kind = "lock"\nrecord = "mark"\nsince = { anchor = "day" }', PLACE + ".since", "Add snap"),
    (RULE + 'kind = "lock"\nrecord = "mark"\nsince = { min = [{ anchor = "day" }, { anchor = "lesson.end" }] }',
     PLACE + ".since", "dates and instants"),
    (RULE + f'kind = "lock"\nrecord = "mark"\nsince = {DAY}\non = "never"', PLACE + ".on", "unknown way of writing"),
    (RULE + f'kind = "lock"\nrecord = "mark"\nsince = {DAY}\nlifts = [{{ role = "head", within = "1 day" }}]',
     PLACE + ".lifts[0].within", "not a shift"),
    (RULE + f'kind = "approval"\nrecord = "mark"\nafter = {DAY}\nroles = []', PLACE, "an approval by nobody"),
    (RULE + f'kind = "approval"\nrecord = "mark"\nafter = {DAY}\nroles = ["head"]\ncount = 0', PLACE, "an approval by nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "said"), MISTAKES)
def test_a_mistake_is_told_with_its_place(text, where, said):
    """The path to the field, and what would have been right."""
    head = HEAD.replace('id = "x"\n', "") if text.startswith("id =") else HEAD
    with pytest.raises(BadRegulation) as caught:
        structure(tomllib.loads(head + text), "x")
    assert where in [problem.where for problem in caught.value.problems]
    assert said in str(caught.value)


def test_several_mistakes_are_told_at_once():
    """Nobody mends a file one error at a time."""
    text = HEAD + TIMED + 'closes = { anchor = "dya", snap = "end_of_day" }\nseverity = "most"\n'
    with pytest.raises(BadRegulation) as caught:
        parse(text.encode(), "ours.toml")
    assert [
        "ours.toml.clauses[0].rules[0].closes.anchor",
        "ours.toml.clauses[0].rules[0].severity",
    ] == sorted(problem.where for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"a = ", "not TOML"),
        (HEAD.encode() + b"format = 1", "not TOML"),
    ],
)
def test_what_is_no_toml_is_told_with_its_place(data, said):
    """The byte or the line is named."""
    with pytest.raises(BadRegulation, match=said):
        parse(data, "ours.toml")


def test_a_regulation_is_found_by_id_path_data_or_itself(tmp_path):
    """Each way gives the same one; an unknown id names the nearest, a missing file says so."""
    shipped = load("ru-school26-2023")
    assert shipped is load(shipped)
    path = tmp_path / "ours.toml"
    path.write_text(HEAD + CLAUSE, "utf-8")
    assert load(str(path)) == load(path) == load(tomllib.loads(HEAD + CLAUSE))
    assert load(path).digest == load(tomllib.loads(HEAD + CLAUSE)).digest
    with pytest.raises(Unknown, match="ru-school26-2023"):
        load("ru-school-26")
    with pytest.raises(Unknown, match="ru-school26-2023"):
        structure({"id": "y", "extends": "ru-school-26"})
    with pytest.raises(BadRegulation, match="cannot be read"):
        load(tmp_path / "none.toml")
    with pytest.raises(BadRegulation, match="a format that is not read"):
        structure(tomllib.loads(HEAD.replace("1", "2", 1)))
    with pytest.raises(BadRegulation, match="id"):
        structure(tomllib.loads(HEAD.replace('"x"', '"x/y"')))


def test_the_digest_is_of_the_content_and_not_of_its_spelling():
    """Order of tables and comments do not matter; a changed word does."""
    one = tomllib.loads(HEAD + CLAUSE)
    other = dict(reversed(list(one.items())))
    assert structure(one).digest == structure(other).digest
    changed = deepcopy(one)
    changed["clauses"][0]["gist"]["en"] = "q"
    assert structure(one).digest != structure(changed).digest


# -- nothing else ever comes out -------------------------------------------------------------------

SHIPPED = content("ru-school26-2023")
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["day", "end_of_day", "+3 days", "mark", "5", "1/0", "given.x", "date:02-30", "١"]
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["anchor", "shift", "kind", "record", "min", "id", "x", ""]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value of a tree."""
    found = [path] if path else []
    rows = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in rows:
        found += places(one, (*path, key))
    return found


PLACES = places(SHIPPED)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """The shipped regulation with some of its values replaced, dropped, doubled or moved."""
    data = deepcopy(dict(SHIPPED))
    for _ in range(draw(st.integers(1, 4))):
        *way, last = draw(st.sampled_from(PLACES))
        parent: Any = data
        try:
            for step in way:
                parent = parent[step]
            how = draw(st.sampled_from(["replace", "drop", "double", "move", "rename"]))
            if how == "replace":
                parent[last] = draw(TREES)
            elif how == "drop":
                del parent[last]
            elif how == "double" and isinstance(parent, list):
                parent.append(deepcopy(parent[last]))
            elif how == "rename" and isinstance(parent, dict):
                parent[draw(st.text(max_size=6))] = parent.pop(last)
            else:
                target = draw(st.sampled_from(PLACES))[0]
                data[target] = deepcopy(parent[last])
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change has taken the place away
    return data


def tried(data: Any) -> None:
    """Load *data*: it is a regulation, or it is told what is wrong with it."""
    try:
        structure(data, "x")
    except (BadRegulation, BadInput, Unknown) as error:
        told = error
    else:
        return
    assert str(told)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(spoiled())
def test_a_spoiled_regulation_is_refused_in_order_or_loads(data):
    """Whatever was changed: a regulation comes out, or BadRegulation with its problems; nothing else."""
    tried(data)


@given(st.dictionaries(st.sampled_from([*SHIPPED, "extends", "without"]), TREES, max_size=5))
def test_any_tree_is_refused_in_order(data):
    """Plain data of any shape."""
    tried(data)


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_refused_in_order(text):
    """Any text or bytes as a file."""
    try:
        parse(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), "x")
    except EdujournalError as error:
        told = error
    else:
        return
    assert str(told)


@pytest.mark.soak
@settings(max_examples=100_000, suppress_health_check=list(HealthCheck))
@given(spoiled())
def test_a_hundred_thousand_spoiled_regulations(data):
    """The same, a hundred thousand times."""
    tried(data)
