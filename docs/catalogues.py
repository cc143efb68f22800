"""Brings the message catalogues up to date with the messages that the code and the tables say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from edujournal.rules.catalogue import CATALOGUE

SOURCES = Path(__file__).parents[1] / "src" / "edujournal"
LOCALE = SOURCES / "texts" / "locale"

#: Calls that name a message by literals: how many of their first arguments are taken, and as what.
CALLS = {
    "Message": ("context", "text"),
    "Plural": ("text", "many"),
    "gettext": ("text",),
    "ngettext": ("text", "many"),
    "pgettext": ("context", "text"),
}
#: Lines of a header that tell of a machine and a moment, and change with every run.
NOISE = re.compile(
    rb'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator'
    rb"|Language-Team|Generated-By):.*\n",
    re.MULTILINE,
)

#: A message: its context or None, its text, its plural text or None; and the file that says it.
Used = tuple[tuple[str | None, str, str | None], str]


def used() -> Iterator[Used]:
    """Yield every message of the sources and of the catalogue of breach codes."""
    for path in sorted(SOURCES.rglob("*.py")):
        place = path.relative_to(SOURCES.parents[1]).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (message := literal(node)) is not None:
                yield message, place
    for row in CATALOGUE.values():
        for text in (row.asks, row.why, row.kept, row.broken, row.mend):
            yield (None, text, None), "src/edujournal/rules/catalogue.py"


def literal(call: ast.Call) -> tuple[str | None, str, str | None] | None:
    """The message that a call names by literals, or None."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    fields = CALLS.get(name)
    if fields is None:
        return None
    values = [arg.value for arg in call.args[: len(fields)] if isinstance(arg, ast.Constant)]
    if len(values) < len(fields) or not all(isinstance(value, str) for value in values):
        return None
    found = dict(zip(fields, values, strict=True))
    return found.get("context"), found["text"], found.get("many")


def update(language: str) -> bytes:
    """Give the catalogue of *language* as it should be: nothing obsolete; what is new is empty.

    English is the language of the sources: its messages stand for themselves.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    path = LOCALE / language / "LC_MESSAGES" / "edujournal.po"
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as stream:
            known = read_po(stream, locale=language, abort_invalid=True)
    fresh = Catalog(locale=language, fuzzy=False, header_comment=f"# edujournal, {language}")
    for (context, text, many), place in sorted(set(used()), key=repr):
        old = known.get(text, context=context)
        string = old.string if old is not None else ("", "") if many else ""
        if language == "en":
            string = (text, many) if many else text
        fresh.add((text, many) if many else text, string, [(place, 0)], context=context)
    out = BytesIO()
    write_po(out, fresh, width=100, sort_output=True, include_lineno=False)
    return NOISE.sub(b"", out.getvalue())


if __name__ == "__main__":
    for catalogue in sorted(path.name for path in LOCALE.iterdir() if path.is_dir()):
        content = update(catalogue)
        place = LOCALE / catalogue / "LC_MESSAGES" / "edujournal.po"
        place.write_bytes(content)
        print(f"{catalogue}: {content.count(b'msgid ') - 1} messages")
