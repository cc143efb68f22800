"""Cases as data: reading ``*.case.toml``, with the path to every fault in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from attrs import fields, frozen

from edujournal.adapters.schools import PlainSchool
from edujournal.errors import BadFile, BadInput, EdujournalError, Problem, nearest
from edujournal.model import drafts
from edujournal.model.drafts import DRAFTS, Draft
from edujournal.model.entries import Evidence
from edujournal.model.time import Zone, zone
from edujournal.plain_files import LARGEST_PAPER, beside, read_plain, toml_of
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import content, load
from edujournal.rules.verdicts import Decision, Outcome
from edujournal.testing.case_proposals import ProposalsSaid, basis_moment, proposals_said
from edujournal.testing.case_schools import SCHOOL_FIELDS, merged, moment_of, school_of
from edujournal.testing.tables import Table

#: What a case can show of its clause.
SHOWS: Final = ("met", "broken", "border", "undecidable")

#: Fields of a draft that name an earlier record.
_REFERENCES: Final = ("entry", "retake")

#: Fields of a record that are not fields of its draft.
_ABOUT_IT: Final = ("author", "author_role", "decision", "evidence", "expect", "raises", "record")
_ACT: Final = ("at", "by", "for", "key", "name", "records", "role")
_CASE: Final = (
    "acts", "audits", "base", "clause", "clauses", "given", "proposals", "regulation",
    "regulations", "shows", "title", "trap",
)  # fmt: skip


@frozen
class Expected:
    """A finding that is expected. What is None may be anything.

    *Version added: 0.1.*
    """

    clause: str
    code: str
    outcome: Outcome
    about: str | None = None
    pupil: str | None = None
    record: str | None = None
    opens: int | None = None
    closes: int | None = None
    late_by: float | None = None
    by: str | None = None
    hands: frozenset[str] | None = None

    def __str__(self) -> str:
        parts = [self.clause, self.code, str(self.outcome), self.about, self.pupil]
        more = [
            f"{name}={getattr(self, name)}"
            for name in ("record", "opens", "closes", "late_by", "by")
            if getattr(self, name) is not None
        ]
        if self.hands is not None:
            more.append(f"hands={','.join(sorted(self.hands))}")
        return " ".join([*(one for one in parts if one), *more])


@frozen
class Said:
    """One record of an act, and what is expected of it.

    *Version added: 0.1.*

    Attributes:
        fields: Fields of the draft; a reference to an earlier record is still a name.
        record: Kind of record.
        decision: What becomes of it; None where an error is raised.
        expect: Findings of its verdict.
        raises: Name of the error that is raised, or None.
        basis: For a result the moment whose proposal it rests on, or None.
    """

    record: str
    fields: Mapping[str, Any]
    decision: Decision | None
    expect: tuple[Expected, ...] = ()
    raises: str | None = None
    basis: int | None = None

    def draft(self, numbers: Mapping[str, int | None]) -> Draft:
        """Make the draft; *numbers* are those of earlier records by their names."""
        values = dict(self.fields)
        for field in _REFERENCES:
            name = values.get(field)
            if isinstance(name, str):
                if numbers.get(name) is None:
                    raise BadInput("a reference to a record that is not there", found=name)
                values[field] = numbers[name]
        made: Draft = DRAFTS[self.record](**values)
        return made


@frozen
class ActSaid:
    """One act of a case: when, by whom, and the records of it.

    *Version added: 0.1.*
    """

    where: str
    at: int
    by: str
    said: tuple[Said, ...]
    name: str | None = None
    role: str | None = None
    behalf: str | None = None
    key: str | None = None


@frozen
class AuditSaid:
    """What an audit at a moment must find of some clauses.

    *Version added: 0.1.*

    Attributes:
        where: Path in the file.
        at: The moment.
        clauses: Clauses looked at; empty for all.
        expect: The findings.
        everything: Whether what is met and pending must be listed, too.
    """

    where: str
    at: int
    clauses: tuple[str, ...]
    expect: tuple[Expected, ...]
    everything: bool = False


@frozen(eq=False)
class Case:
    """A story about a small school, and what a regulation must say of it.

    *Version added: 0.1.*

    Attributes:
        id: Name of the file without ``.case.toml``.
        title: What it shows, in a sentence.
        clauses: Clauses it is about.
        shows: What it shows of them: met, broken, border, undecidable.
        trap: Number of the trap that it is for, or None.
        school: The school.
        regulations: The regulations.
        acts: What is done, in order.
        audits: What audits find afterwards.
        proposals: What is proposed afterwards.
    """

    id: str
    title: str
    clauses: tuple[str, ...]
    shows: tuple[str, ...]
    trap: int | None
    school: PlainSchool
    regulations: tuple[Regulation, ...]
    acts: tuple[ActSaid, ...]
    audits: tuple[AuditSaid, ...]
    proposals: tuple[ProposalsSaid, ...] = ()


def load_cases(path: str | Path) -> list[Case]:
    """Read a case, or every case of a folder in the order of names.

    *Version added: 0.1.*

    Args:
        path: A file ``*.case.toml``, or a folder with such files and the ``*.school.toml`` they name.

    Raises:
        BadFile: Every fault of every file, with its path, what was expected, what was found.
    """
    place = Path(path)
    files = sorted(place.glob("*.case.toml")) if place.is_dir() else [place]
    problems: list[Problem] = []
    if not files:
        problems.append(Problem(str(path), "no cases", "files *.case.toml"))
    found = [case for file in files if (case := _case(file, problems)) is not None]
    if problems:
        raise BadFile(problems)
    return found


def _read(file: Path, problems: list[Problem]) -> dict[str, Any]:
    try:
        return toml_of(read_plain(file, LARGEST_PAPER), file.name, decimals=True)
    except BadFile as error:
        problems.extend(error.problems)
        return {}


def _case(file: Path, problems: list[Problem]) -> Case | None:
    before = len(problems)
    values = _read(file, problems)
    if not values:
        if len(problems) == before:
            problems.append(Problem(file.name, "an empty case", "a title, a clause, acts"))
        return None
    table = Table(values, file.name, problems)
    base = table.text("base")
    said: dict[str, Any] = {}
    if base:
        try:
            said = _read(beside(file, f"{base}.school.toml"), problems)
        except BadFile as error:
            problems.extend(error.problems)
            return None
    changes = {name: value for name, value in values.items() if name in SCHOOL_FIELDS}
    table.done(*SCHOOL_FIELDS, *_CASE)
    if len(problems) > before:
        return None
    school = school_of(merged(said, changes), file.name, problems)
    regulations = _regulations(table, file)
    if school is None or not regulations:
        return None
    reader = _Reader(table, school, regulations)
    clauses = reader.clauses(table, *table.texts("clauses"), table.text("clause"))
    case = Case(
        file.name.removesuffix(".case.toml"),
        table.text("title", needed=True),
        clauses,
        _shows(table),
        table.take("trap", int),
        school,
        regulations,
        tuple(reader.act(one) for one in table.tables("acts")),
        tuple(reader.audit(one, clauses) for one in table.tables("audits")),
        tuple(
            proposals_said(one, reader.year, reader.instant) for one in table.tables("proposals")
        ),
    )
    return None if len(problems) > before else case


def _shows(table: Table) -> tuple[str, ...]:
    found = table.texts("shows")
    for one in found:
        if one not in SHOWS:
            table.note("shows", "unknown kind of case", " or ".join(SHOWS), one)
    return found


def _regulations(table: Table, file: Path) -> tuple[Regulation, ...]:
    names = [*table.texts("regulations"), *table.texts("regulation")] or ["ru-school26-2023"]
    given = table.take("given", dict) or {}
    found = []
    for name in names:
        try:
            found.append(_regulation(name, file, given))
        except EdujournalError as error:
            table.problems.extend(error.problems)
            return ()
    return tuple(found)


def _regulation(name: str, file: Path, given: Mapping[str, Any]) -> Regulation:
    source: str | Path = beside(file, name) if name.endswith(".toml") else name
    if not given:
        return load(source)
    data = dict(content(source))
    return load(data | {"given": data.get("given", {}) | dict(given)})


class _Reader:
    """Reads acts and audits of one case; knows its zone, its year and its clauses."""

    def __init__(
        self, table: Table, school: PlainSchool, regulations: Iterable[Regulation]
    ) -> None:
        calendar = school.calendars()[0]
        self.tz: Zone = zone(calendar.zone)
        self.year = calendar.year
        self.known = [one.number for regulation in regulations for one in regulation.clauses]
        self.known += [regulation.rights_clause for regulation in regulations]
        self.known.append("integrity")
        self.table = table

    def clauses(self, table: Table, *names: str) -> tuple[str, ...]:
        """*names* without empty ones; unknown ones are noted."""
        found = tuple(name for name in names if name)
        for name in found:
            if name not in self.known:
                near = nearest(name, self.known)
                table.note("clause", "unknown clause", f"such as {near}" if near else "", name)
        return found

    def instant(self, table: Table, name: str) -> int:
        """The moment *name*, local time of the school unless it has an offset."""
        found = table.take(name, datetime, needed=True)
        return 0 if found is None else moment_of(found, self.tz)

    def act(self, table: Table) -> ActSaid:
        """Read one act."""
        at = self.instant(table, "at")
        many = table.tables("records")
        rows = many or (table,)
        said = tuple(self._said(row, at, shared=not many) for row in rows)
        act = ActSaid(
            table.where,
            at,
            table.text("by", needed=True),
            said,
            table.text("name") or None,
            table.text("role") or None,
            table.text("for") or None,
            table.text("key") or None,
        )
        if many:
            table.done()
        return act

    def _said(self, table: Table, at: int, *, shared: bool) -> Said:
        kind = table.text("record", needed=True)
        if kind not in DRAFTS:
            near = nearest(kind, DRAFTS)
            expected = f"such as {near}" if near else f"one of {', '.join(DRAFTS)}"
            table.note("record", "unknown kind of record", expected, kind)
            return Said("topic", {}, None)
        names = {one.name for one in fields(DRAFTS[kind])} - {"basis", "evidence"}
        values = {
            name: self._value(table, name)
            for name in names
            if name in table.values and (not shared or name not in ("name", "role", "key", "at"))
        }
        if "journal" in values and values["journal"].count("/") == 1:
            values["journal"] += f"/{self.year}"
        if "year" in names:
            values.setdefault("year", self.year)
        evidence = self._evidence(table)
        if evidence is not None:
            values["evidence"] = evidence
        basis = basis_moment(table, self.instant, at) if kind == "result" else None
        expect = self._expected(table)
        raises = table.text("raises") or None
        decision = self._decision(table, expect) if raises is None else None
        table.done(*_ABOUT_IT, *(_ACT if shared else ("name",)))
        self._try(table, kind, values)
        return Said(kind, values, decision, expect, raises, basis)

    def _try(self, table: Table, kind: str, values: Mapping[str, Any]) -> None:
        """Note what cannot be a draft at all, such as a field that is missing."""
        tried = {
            name: 1 if name in _REFERENCES and isinstance(one, str) else one
            for name, one in values.items()
        }
        try:
            DRAFTS[kind](**tried).content()
        except BadInput as error:
            if "raises" not in table.values:
                table.problems.extend(
                    Problem(table.where, one.what, one.expected, one.found, one.mend)
                    for one in error.problems
                )
        except TypeError as error:
            table.note("", f"not a {kind}", found=str(error))

    def _value(self, table: Table, name: str) -> Any:
        value = table.take(name, object)
        if name == "absent" and isinstance(value, dict):
            return _absent(value)
        if name == "values" and isinstance(value, dict) and isinstance(value.get("absent"), dict):
            return value | {"absent": _absent(value["absent"])}
        if name == "values" and isinstance(value, dict):
            return {key: None if one is False else one for key, one in value.items()}
        if isinstance(value, datetime) and value.tzinfo is None:
            return self.tz.local(moment_of(value, self.tz))
        return value

    def _evidence(self, table: Table) -> Evidence | None:
        """A day, a moment, ``[first, last]`` of either, or ``"unknown"``."""
        value = table.take("evidence", date, datetime, list, str)
        author, role = table.text("author") or None, table.text("author_role") or None
        if value is None:
            if author or role:
                table.note("evidence", "an author without evidence", "evidence = a day, a moment …")
            return None
        if value == "unknown":
            return Evidence(None, None, author, role)
        ends = value if isinstance(value, list) else [value, value]
        kinds = {type(one) for one in ends}
        if len(ends) == 2 and kinds == {date}:
            lo, hi = self.tz.start_of_day(ends[0]), self.tz.end_of_day(ends[1])
        elif len(ends) == 2 and kinds == {datetime}:
            lo, hi = moment_of(ends[0], self.tz), moment_of(ends[1], self.tz)
            hi += value is not ends
        else:
            table.note("evidence", "not evidence", "a day, a moment, [first, last] or 'unknown'",
                       value)  # fmt: skip
            return None
        return Evidence(lo, hi, author, role)

    def _decision(self, table: Table, expect: Iterable[Expected]) -> Decision | None:
        text = table.text("decision")
        if text in list(Decision):
            return Decision(text)
        if text:
            table.note("decision", "unknown decision", " or ".join(Decision), text)
        said = {one.outcome for one in expect}
        if said <= {Outcome.MET, Outcome.PENDING, Outcome.NOT_APPLICABLE}:
            return Decision.ACCEPTED
        return Decision.ACCEPTED_WITH_REMARKS

    def _expected(self, table: Table) -> tuple[Expected, ...]:
        found = []
        for i, one in enumerate(table.take("expect", list) or ()):
            where = f"expect[{i}]"
            if isinstance(one, str):
                found.append(self._words(table, where, one.split()))
            elif isinstance(one, dict):
                row = Table(one, f"{table.where}.{where}", table.problems)
                found.append(self._row(row))
            else:
                table.note(where, "wrong type", "text or a table", one)
        return tuple(one for one in found if one is not None)

    def _words(self, table: Table, where: str, words: list[str]) -> Expected | None:
        """``clause code outcome [about] [pupil]``; an about has a colon."""
        if not 3 <= len(words) <= 5:
            table.note(where, "not a finding", "clause code outcome [about] [pupil]", words)
            return None
        rest = words[3:]
        about = next((one for one in rest if ":" in one), None)
        pupil = next((one for one in rest if ":" not in one), None)
        return self._checked(table, where, words[0], words[1], words[2], about, pupil)

    def _row(self, row: Table) -> Expected | None:
        names = ("clause", "code", "outcome")
        clause, code, outcome = (row.text(name, needed=True) for name in names)
        hands = row.texts("hands") if "hands" in row.values else None
        late = row.take("late_by", int, Decimal)
        found = self._checked(
            row, "", clause, code, outcome, row.text("about") or None, row.text("pupil") or None,
            record=row.text("record") or None,
            opens=self.instant(row, "opens") if "opens" in row.values else None,
            closes=self.instant(row, "closes") if "closes" in row.values else None,
            late_by=None if late is None else float(late),
            by=row.text("by") or None,
            hands=None if hands is None else frozenset(hands),
        )  # fmt: skip
        row.done()
        return found

    def _checked(
        self, table: Table, where: str, clause: str, code: str, outcome: str,
        about: str | None, pupil: str | None, **more: Any,
    ) -> Expected | None:  # fmt: skip
        for what, found, known in (
            ("clause", clause, self.known),
            ("breach code", code, CATALOGUE),
            ("outcome", outcome, list(Outcome)),
        ):
            if found not in known:
                near = nearest(found, map(str, known))
                table.note(where, f"unknown {what}", f"such as {near}" if near else "", found)
                return None
        return Expected(clause, code, Outcome(outcome), about, pupil, **more)

    def audit(self, table: Table, clauses: tuple[str, ...]) -> AuditSaid:
        """Read what an audit must find."""
        named = self.clauses(table, *table.texts("clauses"))
        found = AuditSaid(
            table.where,
            self.instant(table, "at"),
            named or clauses,
            self._expected(table),
            bool(table.take("everything", bool)),
        )
        table.done()
        return found


def _absent(rows: Mapping[str, Any]) -> dict[str, Any]:
    """Codes by pupil; ``false`` for one who was there, ``{ code, late }`` for one who came late."""
    return {
        pupil: None if one is False else drafts.Absence(**one) if isinstance(one, dict) else one
        for pupil, one in rows.items()
    }
