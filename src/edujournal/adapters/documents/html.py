"""HTML by the standard library: one file that needs no other, and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from edujournal.adapters.documents.codes import svg_of
from edujournal.adapters.documents.spoken import form_words, mark, stamp_lines
from edujournal.papers.paper import Chapter, Notes, Paper, PaperColumn, Signatory, Stamp, Table

#: Nothing is loaded and nothing is run, whatever a name may say.
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)

_STYLE: Final = """
@page { size: %(size)s %(lie)s; margin: 11mm }
body { font: 10pt/1.25 "Libertinus Serif", "PT Serif", Georgia, serif; margin: 1.5em; color: #111 }
h1 { font-size: 14pt; text-align: center; margin: .2em 0 .5em }
h2 { font-size: 11pt; margin: 1em 0 .4em }
.heading { text-align: center; margin: 0 }
.chapter { break-before: page }
dl.facts { display: flex; flex-wrap: wrap; gap: .2em 1.6em; margin: .4em 0 .8em }
dl.facts div { display: flex; gap: .4em } dt { color: #555 } dt::after { content: ":" }
dd { margin: 0; font-weight: bold }
table { border-collapse: collapse; font-size: 8.5pt; margin-bottom: .8em }
thead { display: table-header-group } tr { break-inside: avoid }
th, td { border: .5pt solid #444; padding: .15em .35em; text-align: center; vertical-align: top }
th { background: #ececec; font-weight: normal; vertical-align: bottom }
td { white-space: pre-line } td.name { text-align: left; white-space: nowrap }
td.text { text-align: left; width: 50%%; overflow-wrap: anywhere }
th.turned span { writing-mode: vertical-rl; transform: rotate(180deg) }
.small { font-size: 8pt; color: #555 }
.signatures { border: 0; margin-top: 1.5em } .signatures td { border: 0; text-align: left }
.signatures td.line { border-bottom: .5pt solid #111; min-width: 46mm }
.stamp { border: 1pt solid #111; border-radius: 1mm; padding: 2.5mm; display: flex; gap: 4mm }
.stamp { break-inside: avoid; margin-top: 1.5em; font-size: 8pt } .stamp svg { width: 33mm; height: 33mm }
.stamp dl { display: grid; grid-template-columns: auto 1fr; gap: .2em 1em; margin: .4em 0 }
.stamp dd { font-weight: normal; overflow-wrap: anywhere } code { font-family: monospace }
@media print { body { margin: 0 } }
"""


def write_html(paper: Paper, stamp: Stamp | None = None) -> str:
    """Write a paper as one HTML file.

    Args:
        paper: The paper.
        stamp: What certifies it; None for a draft.

    Raises:
        MissingExtra: segno, for the code of a stamp, is not installed.

    *Version added: 0.1.*
    """
    return "\n".join(_whole(paper, stamp)) + "\n"


def _whole(paper: Paper, stamp: Stamp | None) -> Iterator[str]:
    words = form_words(paper.language)
    style = _STYLE % {"size": paper.size, "lie": "landscape" if paper.landscape else "portrait"}
    yield "<!DOCTYPE html>"
    yield f'<html lang="{escape(paper.language)}">'
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{escape(paper.title)}, {escape(paper.of)}</title>"
    yield f"<style>{style}</style></head>"
    yield f'<body><p class="heading">{escape(paper.heading)}</p>'
    yield f"<h1>{escape(paper.title)}</h1>"
    yield from _facts(paper.facts)
    for part in paper.parts:
        if isinstance(part, Chapter):
            yield f'<h1 class="chapter">{escape(part.title)}</h1>'
            yield from _facts(part.facts)
        elif isinstance(part, Notes):
            yield from _notes(part)
        else:
            yield from _table(part, words["none"])
    yield from _signatures(paper.signatories, words)
    if stamp is not None:
        yield from _stamp(paper, stamp, words)
    yield f'<p class="small">{escape(mark(paper, stamp))}</p></body></html>'


def _facts(facts: Sequence[tuple[str, str]]) -> Iterator[str]:
    shown = [(label, text) for label, text in facts if text]
    if shown:
        pairs = (
            f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in shown
        )
        yield f'<dl class="facts">{"".join(pairs)}</dl>'


def _notes(part: Notes) -> Iterator[str]:
    if part.title and not part.small:
        yield f"<h2>{escape(part.title)}</h2>"
    first = f"{part.title}: " if part.title and part.small else ""
    for place, line in enumerate(part.lines):
        text = escape((first if place == 0 else "") + line)
        yield f"<p{' class=small' if part.small else ''}>{text}</p>"


def _table(part: Table, none: str) -> Iterator[str]:
    if part.title:
        yield f"<h2>{escape(part.title)}</h2>"
    if not part.rows:
        yield f'<p class="small">{escape(none)}</p>'
        return
    yield "<table><thead>"
    yield from _heads(part.columns)
    yield "</thead><tbody>"
    kinds = [one.width for one in part.columns]
    for row in part.rows:
        cells = (
            f"<td{f' class={kind}' if kind in ('name', 'text') else ''}>{escape(text)}</td>"
            for kind, text in zip(kinds, row, strict=True)
        )
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table>"


def _heads(columns: Sequence[PaperColumn]) -> Iterator[str]:
    if not any(one.over for one in columns):
        yield f"<tr>{''.join(_head(one) for one in columns)}</tr>"
        return
    upper: list[str] = []
    for over, run in groupby(columns, key=lambda one: one.over):
        some = list(run)
        if over:
            upper.append(f"<th colspan={len(some)}>{escape(over)}</th>")
        else:
            upper += [_head(one, " rowspan=2") for one in some]
    yield f"<tr>{''.join(upper)}</tr>"
    yield f"<tr>{''.join(_head(one) for one in columns if one.over)}</tr>"


def _head(column: PaperColumn, span: str = "") -> str:
    turned = " class=turned" if column.turned else ""
    return f"<th scope=col{span}{turned}><span>{escape(column.head)}</span></th>"


def _signatures(signatories: Sequence[Signatory], words: dict[str, str]) -> Iterator[str]:
    if not signatories:
        return
    yield '<table class="signatures"><tbody>'
    for one in signatories:
        name = escape(one.name) or "_" * 22
        yield (
            f'<tr><td>{escape(one.office)}</td><td class="line"></td><td>{name}</td>'
            f"<td>{escape(words['signed_on'])}</td></tr>"
        )
    yield "</tbody></table>"


def _stamp(paper: Paper, stamp: Stamp, words: dict[str, str]) -> Iterator[str]:
    yield f'<section class="stamp">{svg_of(stamp)}<div><strong>{escape(words["stamp"])}</strong><dl>'
    for label, text, exact in stamp_lines(paper, stamp):
        said = f"<code>{escape(text)}</code>" if exact else escape(text)
        yield f"<dt>{escape(label)}</dt><dd>{said}</dd>"
    yield "</dl></div></section>"
