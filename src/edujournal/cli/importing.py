"""``edujournal import``: a journal CSV set into a store, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from edujournal.adapters.exchange.csvset import ImportPlan, ImportReport, commit, plan_import
from edujournal.adapters.exchange.csvset.judging import Told
from edujournal.adapters.schools import (
    PlainSchool,
    keep,
    keep_regulations,
    kept_regulations,
    kept_school,
)
from edujournal.adapters.stores.opening import open_store
from edujournal.cli.options import Place, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.stores import existing, is_there
from edujournal.errors import BadFile, BadInput, Unknown
from edujournal.journals import Journals
from edujournal.journals_core import RegulationSource

if TYPE_CHECKING:
    from edujournal.cli.stores import AnyStore


def import_set(folder: str, place: Place, shown: Shown, *, check: bool, replace: bool) -> int:
    """Import a set, or only say what importing it would come to."""
    printer = Printer(shown)
    regulations = _regulations(place)
    with printer.progress(printer.say("judging")) as tick:
        plan = plan_import(folder, regulations, progress=tick)
    if plan.problems or plan.school is None:
        raise BadFile(plan.problems)
    if place.school not in (None, plan.school.id):
        raise Unknown("school", str(place.school), [plan.school.id], where=folder)
    report = None
    if not check:
        with open_store(place.store) as store:
            _keep(store, plan.school, place, replace=replace)
            journals = Journals(store, plan.school, regulations)
            with printer.progress(printer.say("importing")) as tick:
                report = commit(journals, plan, progress=tick)
    _tell(printer, plan, report)
    return 0


def _regulations(place: Place) -> Sequence[RegulationSource]:
    if place.regulation:
        return list(place.regulation)
    with ExitStack() as held:
        if is_there(place.store):
            store = held.enter_context(existing(place.store))
            for school in [place.school] if place.school else list(store.schools()):
                kept = kept_regulations(store, school)
                if kept:
                    return list(kept)
    raise BadInput(
        "a new store does not say under which regulation it is to be kept",
        where="--regulation",
        mend="Name one: --regulation ru-school26-2023, or a TOML file.",
    )


def _keep(store: AnyStore, school: PlainSchool, place: Place, *, replace: bool) -> None:
    """Let the store carry the school's data and the regulation, so that an audit needs no more."""
    before = None
    if school.id in store.schools() and store.kept(school.id, "school.json") is not None:
        before = kept_school(store, school.id)
    if before is not None and before != school and not replace:
        raise BadInput(
            "the store carries other data of this school than the files",
            where=place.store,
            expected=f"{before!r}",
            found=f"{school!r}",
            mend="--replace puts what the files say in its place.",
        )
    if before != school:
        keep(store, school)
    if place.regulation:
        keep_regulations(store, school.id, list(place.regulation))


def _tell(printer: Printer, plan: ImportPlan, report: ImportReport | None) -> None:
    findings = plan.findings if report is None else report.findings
    if printer.json:
        printer.line(
            {
                "school": plan.school.id if plan.school else None,
                "digest": plan.digest,
                "counts": dict(plan.counts),
                "kinds": dict(plan.kinds),
                "precision": dict(plan.precision),
                "extra": {name: dict(cells) for name, cells in plan.extra.items()},
                "recorded": None if report is None else report.recorded,
                "repeated": None if report is None else report.repeated,
                "findings": [
                    {
                        "regulation": regulation,
                        "clause": clause,
                        "code": code,
                        "outcome": str(outcome),
                        "count": count,
                    }
                    for (regulation, clause, code, outcome), count in sorted(findings.items())
                ],
            }
        )
        return
    _table(printer, printer.say("file"), plan.counts)
    _table(printer, printer.say("record"), plan.kinds)
    _table(printer, printer.say("precision"), plan.precision)
    for name, cells in plan.extra.items():
        columns = ", ".join(f"{column} ({count})" for column, count in cells.items())
        printer.text(printer.say("extra", name=name, columns=columns))
    if findings:
        _findings(printer, findings)
    if report is None:
        printer.text(printer.say("checked", n=sum(plan.kinds.values())), "bold")
    else:
        printer.text(printer.say("imported", n=report.recorded, repeated=report.repeated), "bold")


def _table(printer: Printer, name: str, counts: Mapping[str, int]) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column(name)
    table.add_column(printer.say("count"), justify="right")
    for what, count in counts.items():
        table.add_row(what, str(count))
    printer.show(table, "")


def _findings(printer: Printer, findings: Mapping[Told, int]) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    for name in ("clause", "finding", "outcome"):
        table.add_column(printer.say(name))
    table.add_column(printer.say("count"), justify="right")
    for (_, clause, code, outcome), count in sorted(findings.items()):
        table.add_row(clause, code, str(outcome), str(count))
    printer.show(table, "")
