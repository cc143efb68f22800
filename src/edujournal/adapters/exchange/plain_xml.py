"""XML as elements with line numbers, and nothing that XML can be abused for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from attrs import define, field

from edujournal.errors import BadFile, Problem
from edujournal.plain_files import DEEPEST, MOST_PARTS, check_size


@define(eq=False)
class Element:
    """An element: its name, where it begins, its text and its children. Attributes are dropped.

    Attributes:
        tag: Name.
        line: Line of the file, from 1.
        text: Text of the element itself, without blanks at its ends.
        children: In order.
    """

    tag: str
    line: int
    text: str = ""
    children: list[Element] = field(factory=list)

    def all(self, tag: str) -> Iterator[Element]:
        """Give the children named *tag*."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> Element | None:
        """Give the first child named *tag*, or None."""
        return next(self.all(tag), None)

    def said(self, tag: str) -> str:
        """Give the text of the first child named *tag*; empty if there is none."""
        found = self.first(tag)
        return found.text if found else ""


def parse(content: bytes, name: str) -> Element:
    """Read *content* as XML and give its root.

    A document type declaration is refused: it is the only way to entities that grow without end or
    that read other files, and no exchange format needs one.

    Args:
        content: The bytes of the file, with or without a byte order mark.
        name: Name of the file, for messages.

    Raises:
        BadFile: It is no XML, has a document type declaration, or is large or nested without end.
    """
    check_size(len(content), name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    root: list[Element] = []
    path: list[Element] = []
    # Text in pieces: put together one by one it would be copied as often as there are pieces.
    said: list[list[str]] = []
    count = 0

    def refuse(what: str) -> NoReturn:
        raise BadFile(Problem(f"{name}:{parser.CurrentLineNumber}", what))

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_PARTS:
            refuse(f"more than {MOST_PARTS} elements")
        if len(path) == DEEPEST:
            refuse(f"XML nested deeper than {DEEPEST} elements")
        element = Element(tag, parser.CurrentLineNumber)
        (path[-1].children if path else root).append(element)
        path.append(element)
        said.append([])

    def end(_tag: str) -> None:
        element = path.pop()
        element.text = "".join(said.pop()).strip()

    def text(data: str) -> None:
        said[-1].append(data)

    def doctype(*_declaration: object) -> None:
        refuse("a document type declaration, which can smuggle in entities")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BadFile(
            Problem(f"{name}:{error.lineno}:{error.offset + 1}", f"not XML: {error}")
        ) from error
    except (LookupError, ValueError) as error:
        raise BadFile(Problem(f"{name}:1", f"not XML: {error}")) from error
    return root[0]
