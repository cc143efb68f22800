"""Letters: a draft made into one line, plain text and a page of HTML that loads nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap
from typing import Final

from edujournal.notices.parts import Draft, Part

#: Columns of plain text.
_WIDTH: Final = 76

_STYLE: Final = (
    "body{margin:0;padding:24px 16px;background:#f4f5f7;color:#1c1f24;"
    "font:16px/1.45 Arial,'Liberation Sans',sans-serif}"
    "main{max-width:640px;margin:0 auto;background:#fff;border:1px solid #d9dce1;"
    "border-radius:6px;padding:20px 24px}"
    "h1{font-size:21px;line-height:1.3;margin:0 0 18px}"
    "h2{font-size:16px;margin:20px 0 6px}"
    "table{width:100%;border-collapse:collapse}"
    "th{font-size:13px;font-weight:normal;color:#596070;text-align:left}"
    "th,td{padding:6px 10px 6px 0;border-bottom:1px solid #e3e6ea;vertical-align:top;"
    "overflow-wrap:anywhere}"
    "td.mark{font-weight:bold;white-space:nowrap}"
    "p.slip{margin:28px 0 0}p.slip span{display:inline-block;width:210px;"
    "border-bottom:1px solid #1c1f24}"
    "footer{margin-top:22px;font-size:13px;color:#596070}footer p{margin:2px 0}"
    "@page{margin:12mm}@media print{body{background:#fff;padding:0;font-size:9.5pt;line-height:1.25}"
    "main{border:0;padding:0;max-width:none}h1{font-size:12pt;margin:0 0 4pt}"
    "h2{font-size:9.5pt;margin:7pt 0 0}th,td{padding:1.5pt 8pt 1.5pt 0}"
    # The heads of the columns stand once on a sheet, so that a week goes on one.
    "section+section thead{display:none}section{break-inside:avoid}p.slip{margin:16pt 0 0}"
    "footer{margin-top:10pt;font-size:8pt}}"
)

#: Widths of the columns, by how many there are.
_COLUMNS: Final = {1: ("100%",), 2: ("30%", "70%"), 4: ("24%", "12%", "32%", "32%")}


def text_of(draft: Draft) -> str:
    """Give *draft* as plain text, lines of at most 76 columns but for words that are longer."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield from _wrapped(draft.subject)
    for part in draft.parts:
        yield ""
        yield part.title
        for row in part.rows:
            yield from _row(part, row)
    if draft.slip:
        yield from ("", "", f"{draft.slip} ______________________")
    yield from ("", "-- ")
    for line in draft.foot:
        yield from _wrapped(line)


def _row(part: Part, row: tuple[str, ...]) -> Iterator[str]:
    if len(part.heads) <= 2:
        said = " – ".join(cell for cell in row if cell)
    else:
        named = zip(part.heads[1:], row[1:], strict=True)
        told = [(head.lower(), cell.replace("\n", "; ")) for head, cell in named if cell]
        rest = [f"{head}: {cell}" for head, cell in told]
        said = ". ".join(cell for cell in (row[0], "; ".join(rest)) if cell)
    for place, line in enumerate(said.split("\n")):
        begin = "  " if place == 0 else "    "
        yield from wrap(
            line, _WIDTH, initial_indent=begin, subsequent_indent="    ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def _wrapped(text: str) -> list[str]:
    return wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def html_of(draft: Draft, language: str) -> str:
    """Give *draft* as a page of HTML: no script, no picture, nothing that is loaded."""
    return "".join(_html(draft, language))


def _html(draft: Draft, language: str) -> Iterator[str]:
    title = escape(draft.subject)
    yield f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><main><h1>{title}</h1>\n"
    for part in draft.parts:
        yield f"<section><h2>{escape(part.title)}</h2>"
        if part.rows:
            yield from _table(part)
        yield "</section>\n"
    if draft.slip:
        yield f'<p class="slip">{escape(draft.slip)} <span>&nbsp;</span></p>\n'
    yield "<footer>"
    for line in draft.foot:
        yield f"<p>{escape(line)}</p>"
    yield "</footer></main></body></html>\n"


def _table(part: Part) -> Iterator[str]:
    yield "<table>"
    widths = _COLUMNS.get(len(part.rows[0]), ())
    if widths:
        yield "<colgroup>" + "".join(f'<col style="width:{one}">' for one in widths) + "</colgroup>"
    if part.heads:
        cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in part.heads)
        yield f"<thead><tr>{cells}</tr></thead>"
    yield "<tbody>"
    for row in part.rows:
        cells = "".join(
            f'<td class="mark">{_cell(cell)}</td>' if (place, len(row)) == (1, 4)
            else f"<td>{_cell(cell)}</td>"
            for place, cell in enumerate(row)
        )  # fmt: skip
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"


def _cell(text: str) -> str:
    return escape(text).replace("\n", "<br>")
