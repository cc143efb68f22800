"""The page of a report: texts escaped by jinja2, its own script known by its digest, no network."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from edujournal.adapters.documents.report.charts import bars, trend
from edujournal.errors import MissingExtra
from edujournal.papers.head_report import COLUMNS, HeadReport
from edujournal.rules.numbers import shown
from edujournal.rules.verdicts import Outcome
from edujournal.texts.reports import DELAYS
from edujournal.views.counts import Row
from edujournal.views.speaking import Speaker

#: From which share on a square has which colour, the best first.
_STEPS: Final = (("s4", 98), ("s3", 90), ("s2", 75), ("s1", 50), ("s0", 0))


def write_report(report: HeadReport) -> str:
    """Write a report to the head as one HTML file that asks for no other and no network.

    Args:
        report: The report.

    Raises:
        MissingExtra: jinja2 or Vega-Lite is not installed.

    *Version added: 0.1.*
    """
    trends, delays = _trend(report), delay_rows(report.words, report.gathered.total.delays)
    return render(
        "page",
        _data(report),
        {
            "trend": _line(report, trends),
            "delays": bars(delays, report.note("late_chart")) if delays else "",
        },
        report=report,
        word=report.word,
        note=report.note,
        number=report.number,
        percent=lambda share: "–" if share is None else report.decimal(_floored(share, 1)),
        whole=lambda share: _floored(share, 0),
        step=_step,
        attended=_attended,
        total=report.gathered.total,
        squares=report.gathered.squares,
        columns=COLUMNS,
        tiles=_tiles(report),
        steps=_legend(),
        owing=_owing(report),
        trend_rows=[(name, report.decimal(_floored(value, 1))) for name, value in trends],
        delay_rows=delays,
    )


def render(name: str, data: str, pictures: Mapping[str, str], /, **values: object) -> str:
    """Make a page of a template and the script of its name.

    Args:
        name: Name of both.
        data: What the script reads, as :func:`embedded` gives it.
        pictures: Charts, by the names that the template has for them.
        values: What else the template reads; texts are escaped.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtra(
            "reports need the extra 'report'", mend="pip install 'edujournal[report]'."
        ) from error
    script = _file("tables.js") + _file(f"{name}.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline';"
        " base-uri 'none'; form-action 'none'"
    )
    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    ).from_string(_file(f"{name}.html.j2"))
    # What is marked here is ours: files of the package, pictures, and JSON without an opening bracket.
    ours = {"data": data, "style": _file("page.css"), "script": script, **pictures}
    marked = {key: Markup(text) for key, text in ours.items()}  # noqa: S704
    return made.render(**values, **marked, policy=policy)


def embedded(values: Mapping[str, Any]) -> str:
    """*values* as JSON that cannot end the element it stands in."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _file(name: str) -> str:
    return files("edujournal.adapters.documents.report").joinpath(name).read_text("utf-8")


def _data(report: HeadReport) -> str:
    """What the script reads."""
    words = {
        "language": report.language,
        "gist": report.word("gist"),
        "asks": report.word("asks"),
        "reason": report.word("reason"),
        "reading": report.word("reading"),
        "mend": report.word("how_to_mend"),
        "shown": report.note("shown"),
    }
    return embedded({**report.data, "words": words})


def _tiles(report: HeadReport) -> list[tuple[str, Outcome]]:
    names = ("late", "missing", "broken", "early", "undecidable")
    found = list(zip(names, COLUMNS, strict=True))
    return [one for one in found if report.gathered.total.of(one[1])]


def _owing(report: HeadReport) -> list[tuple[int, Any, int, int]]:
    """Who owes something now, those who owe most first."""
    found = [
        (place, one, one.sums.of(Outcome.MISSING), one.sums.of(Outcome.PENDING))
        for place, one in enumerate(report.accounts)
    ]
    return sorted((one for one in found if one[2] or one[3]), key=lambda one: (-one[2], -one[3]))


def _trend(report: HeadReport) -> list[tuple[str, Fraction]]:
    return [
        (name, share)
        for monday, name in report.weeks
        if (share := report.gathered.weeks[monday].punctual) is not None
    ]


def _line(report: HeadReport, shares: Sequence[tuple[str, Fraction]]) -> str:
    if not shares:
        return ""
    return trend([(name, float(one * 100)) for name, one in shares], report.note("trend_chart"))


def delay_rows(words: Speaker, counts: Sequence[int]) -> list[tuple[str, int]]:
    """Names of the classes of delays with their counts; none where nothing was late."""
    if not any(counts):
        return []
    return [(words.messages.say(name), n) for name, n in zip(DELAYS, counts, strict=True)]


def _floored(share: Fraction, digits: int) -> str:
    """A share in percent, rounded down: only what is whole is 100."""
    places = 10**digits
    return shown(Fraction((share * 100 * places).__floor__(), places), digits)


def _step(share: Fraction) -> str:
    return next(kind for kind, least in _STEPS if share * 100 >= least)


def _legend() -> list[tuple[str, str]]:
    ends = (100, *(least for _, least in _STEPS))
    return [(kind, f"{least}–{end} %") for (kind, least), end in zip(_STEPS, ends, strict=False)]


def _attended(row: Row) -> Fraction | None:
    share = row.attendance.share
    return None if share is None else share * 100
