"""PDF/A by Typst's wheel: the same paper gives the same bytes on every machine.

Needs the extra ``documents``. Only the fonts that the wheel brings are used, and those of a folder
that is named; the fonts of the machine, its clock and its zone decide nothing. The file is PDF/A-3a:
tagged, all fonts embedded, and with the canonical content attached, whose SHA-256 is the digest that
is printed on it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from edujournal.adapters.documents.codes import svg_of
from edujournal.adapters.documents.spoken import foot, form_words, mark, stamp_lines
from edujournal.errors import EdujournalError, MissingExtra
from edujournal.papers.paper import Paper, Stamp

#: Fonts that Typst's wheel brings, in the order in which a letter is looked for.
FONTS: Final = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")

_MONO: Final = ("DejaVu Sans Mono", "Libertinus Serif")
_STANDARD: Final = "a-3a"

#: Letters that the fonts of the wheel have for certain: Latin and Russian.
_CERTAIN: Final = frozenset(map(chr, (*range(0x20, 0x7F), *range(0x410, 0x450), 0x401, 0x451)))


def write_pdf(paper: Paper, stamp: Stamp | None = None, *, fonts: Path | None = None) -> bytes:
    """Write a paper as PDF/A.

    A letter that no font has is written by its number, such as ``⟨U+4E2D⟩``; the content that is
    attached has it as it is.

    Args:
        paper: The paper.
        stamp: What certifies it; None for a draft.
        fonts: Folder with more fonts, for other scripts.

    Raises:
        MissingExtra: Typst, or segno for a stamp, is not installed.
        EdujournalError: Typst cannot write it.

    *Version added: 0.1.*
    """
    data = {
        **paper.content(),
        "content": bytes(paper).decode(),
        "digest": paper.digest,
        "foot": foot(paper),
        "fonts": list(FONTS),
        "lacking": False,
        "landscape": paper.landscape,
        "mark": mark(paper, stamp),
        "mono": list(_MONO),
        "size": paper.size,
        "stamp": None
        if stamp is None
        else {"lines": stamp_lines(paper, stamp), "svg": svg_of(stamp)},
        "words": form_words(paper.language),
    }
    data = _displayable(data, fonts)
    source = files("edujournal.adapters.documents").joinpath("paper.typ").read_bytes()
    return _compiled(source, data, fonts, paper.at // 1_000_000)


#: Texts that are read by programs, and shown to nobody.
_UNSEEN: Final = frozenset({"content", "svg"})


def _displayable(data: dict[str, Any], fonts: Path | None) -> dict[str, Any]:
    """*data* with every letter that no font has written by its number."""
    doubtful = sorted(set(_letters(data)) - _CERTAIN)
    lacking = {one: f"⟨U+{ord(one):04X}⟩" for one in _lacking("".join(doubtful), fonts)}
    if not lacking:
        return data
    found = _replaced(data, str.maketrans(lacking))
    return {**found, "lacking": True}


def _letters(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield from value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _UNSEEN:
                yield from _letters(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _letters(inner)


def _replaced(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {
            key: inner if key in _UNSEEN else _replaced(inner, table)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_replaced(inner, table) for inner in value]
    return value


@lru_cache(maxsize=64)
def _lacking(letters: str, fonts: Path | None) -> frozenset[str]:
    """Those of *letters* that no font has; the fonts themselves are asked."""
    shown = "".join(one for one in letters if one != "\n")
    if not shown or _has(shown, fonts):
        return frozenset()
    return frozenset(one for one in shown if not _has(one, fonts))


def _has(letters: str, fonts: Path | None) -> bool:
    source = (
        b"#set document(title: [x])\n"
        b"#let asked = json(bytes(sys.inputs.paper))\n"
        b"#set text(font: asked.fonts)\n"
        b"#for one in asked.letters.codepoints() [#one ]\n"
    )
    # A mark stands on a letter; alone it would be shown on a circle that a font may lack.
    bases = "".join(f"a{one}" if unicodedata.combining(one) else one for one in letters)
    try:
        _compiled(source, {"fonts": list(FONTS), "letters": bases}, fonts, 0)
    except EdujournalError:
        return False
    return True


def _compiled(source: bytes, data: dict[str, Any], fonts: Path | None, at: int) -> bytes:
    try:
        import typst
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "typst is not installed", where="PDF", mend="Run: pip install 'edujournal[documents]'"
        ) from error
    found = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[] if fonts is None else [str(fonts)],
    )
    try:
        return typst.compile(
            source,
            font_paths=found,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"paper": json.dumps(data, ensure_ascii=False, sort_keys=True)},
            pdf_standards=[_STANDARD],
            timestamp=at,
        )
    except typst.TypstError as error:
        raise EdujournalError(
            "Typst could not write the paper", where="PDF", found=error.diagnostic or error.message
        ) from error
