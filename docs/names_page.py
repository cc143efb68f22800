"""Writes ``reference/python.md``, the page of public names, out of their docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import edujournal

PAGE = Path(__file__).parent / "reference" / "python.md"
HEAD = """\
# Python names

Every public name of `edujournal`, as `import edujournal as ej` gives it.
This page is written by `nox -s reference` from the docstrings; a test fails when it is behind.
"""
SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Yields|Example|Examples|Note):$")
ROLE = re.compile(r":\w+:`~?([^`]+)`|``([^`]+)``")
FIELD = re.compile(r"^ {4}(\**\w+(?: \([^)]*\))?): (.*)$")


def markdown(docstring: str) -> Iterator[str]:
    """Turn the lines of a Google-style docstring into lines of Markdown."""
    listing = False
    for raw in docstring.splitlines():
        line = ROLE.sub(lambda match: f"`{match[1] or match[2]}`", raw)
        if section := SECTION.match(line):
            listing = True
            yield from (f"**{section[1]}**", "")
        elif listing and (field := FIELD.match(line)):
            yield f"- `{field[1]}`: {field[2]}"
        elif listing and line.startswith("    "):
            yield line[4:] if line.startswith("     ") else f"{line.strip()}"
        else:
            listing = listing and not line
            yield line


def described(name: str, thing: object) -> Iterator[str]:
    """Give the section of one public name.

    Raises:
        ValueError: The name has no docstring of its own.
    """
    own = isinstance(thing, ModuleType | type) or inspect.isroutine(thing)
    docstring = inspect.getdoc(thing) if own else None
    if not docstring:
        raise ValueError(f"edujournal.{name} has no docstring")
    yield from ("", f"## `{name}`", "")
    yield from markdown(docstring)
    if isinstance(thing, type):
        for verb, method in vars(thing).items():
            if not verb.startswith("_") and inspect.isroutine(method) and method.__doc__:
                yield from ("", f"### `{name}.{verb}`", "")
                yield from markdown(inspect.getdoc(method) or "")


def page() -> str:
    """Give the page as it should be."""
    lines = [
        line
        for name in sorted(edujournal.__all__)
        for line in described(name, getattr(edujournal, name))
    ]
    return HEAD + "\n".join(line.rstrip() for line in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(f"written: {PAGE.name}")
