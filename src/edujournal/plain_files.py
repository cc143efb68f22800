"""Files from outside: read within a limit, and nothing that TOML and JSON can be abused for.

Whatever reads a file that somebody else has written reads it here: how large it may be, how deeply
nested, of how many parts, and what no text of a school has, is said once. What is refused is refused
before memory or time is spent on it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import accumulate
from pathlib import Path, PureWindowsPath
from typing import IO, Any, Final, NoReturn

from edujournal.errors import BadFile, BadInput, EdujournalError

#: Most bytes of a school's data, of a timetable, of a calendar. A school of 1,200 pupils has 6 MB.
LARGEST: Final = 8 << 20

#: Most bytes of a regulation, a case, a draft, a proof, a checkpoint, a request, a key.
LARGEST_PAPER: Final = 1 << 20

#: Most tables, lists and elements of one file; of them, tables of TOML that have a head of their own.
MOST_PARTS: Final = 200_000
MOST_TABLES: Final = 10_000

#: Most values of one file. A school of 1,200 pupils has 320,000.
MOST_VALUES: Final = 500_000

#: Most names in one table or object; whatever a school has many of stands in lists.
MOST_NAMES: Final = 2_000

#: Things within things; no format of ours comes near.
DEEPEST: Final = 64

#: Integers are below it, and above its negative: what any program reads exactly (RFC 8785).
BEYOND: Final = 1 << 53

#: Digits before the point of a number with a fraction.
_LONGEST: Final = 15

Raised = type[EdujournalError]

# What is text or remark in TOML and JSON; what is not closed goes on to its end.
_TOML_TEXTS: Final = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\\?\Z)'
    rb"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    rb'|"(?:[^"\\\n]|\\.)*+"?'
    rb"|'[^'\n]*+'?"
    rb"|#[^\n]*+",
    re.DOTALL,
)
_JSON_TEXTS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_LONG_KEY: Final = re.compile(rb'(?<![\w"-])(?:[\w"-]++[ \t]*+\.[ \t]*+){16}')
_OTHERS: Final = bytes(set(range(256)) - set(b"[]{}"))
_STEPS: Final = {byte: 1 if byte in b"[{" else -1 for byte in b"[]{}"}

#: A sign that only half of is there, or that ends a text for some programs.
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")


def read_plain(path: Path, most: int = LARGEST, raised: Raised = BadFile) -> bytes:
    """Read a file of at most *most* bytes; one that is larger is not read to its end.

    Raises:
        EdujournalError: *raised*: it is not there, cannot be read, or is too large.
    """
    try:
        with path.open("rb") as stream:
            return bounded(stream, str(path), most, raised)
    except (OSError, ValueError) as error:
        if isinstance(error, EdujournalError):
            raise
        told = error.strerror if isinstance(error, OSError) else None
        raise raised(
            "the file cannot be read", where=str(path), found=told or str(error)
        ) from error


def bounded(
    stream: IO[bytes], where: str, most: int = LARGEST_PAPER, raised: Raised = BadInput
) -> bytes:
    """Read a stream to its end, which has to come within *most* bytes.

    Raises:
        EdujournalError: *raised*: there is more.
    """
    content = stream.read(most + 1)
    check_size(len(content), where, most, raised)
    return content


def check_size(size: int, where: str, most: int = LARGEST, raised: Raised = BadFile) -> None:
    """Raise *raised* if there are more than *most* bytes."""
    if size > most:
        raise raised(
            "a file too large", where=where, expected=f"at most {most} bytes",
            found="more", mend="Split it, or hand over only what is asked for.",
        )  # fmt: skip


def beside(file: Path, name: str, raised: Raised = BadFile) -> Path:
    """The file *name* as seen from the folder of *file*, which names it: a way from there, never a root.

    Raises:
        EdujournalError: *raised*: the name is absolute, or none.
    """
    windows = PureWindowsPath(name)
    if windows.drive or windows.root or "\0" in name:
        raise raised(
            "no name of a file beside the one that names it", where=file.name,
            expected="a way from the folder of that file", found=ascii(name)[:80],
        )  # fmt: skip
    return file.parent / name


def text_of(content: bytes, where: str, raised: Raised = BadFile) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        EdujournalError: *raised*: it is not UTF-8, or has NUL in it.
    """
    place = content.find(b"\0")
    if place >= 0:
        raise raised(
            "a NUL byte", where=f"{where}: byte {place}", expected="text",
            mend="Save the file as UTF-8.",
        )  # fmt: skip
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise raised(
            "not UTF-8", where=f"{where}: byte {error.start}", mend="Save the file as UTF-8."
        ) from error


def toml_of(
    content: bytes, where: str, raised: Raised = BadFile, *, decimals: bool = False
) -> dict[str, Any]:
    """Read TOML.

    Args:
        content: The bytes of the file, with or without a byte order mark.
        where: Name of the file, for messages.
        raised: What is raised.
        decimals: Numbers with a fraction are exact; where none belongs, whoever reads on says so.

    Raises:
        EdujournalError: *raised*: it is no TOML, or more than a file of that kind ever has.
    """
    content = content.replace(b"\r\n", b"\n")
    text = text_of(content, where, raised)
    bare = _TOML_TEXTS.sub(b'""', content)
    del content
    heads = bare.count(b"\n[") + bare.startswith(b"[")
    if heads > MOST_TABLES:
        raise _too_many("tables", heads, MOST_TABLES, where, raised)
    if _LONG_KEY.search(bare):
        raise raised("a name of more than 16 parts", where=where)
    # A dot in a name makes a table, too; a date has none.
    _check_parts(bare, where, raised, bare.count(b"."), bare.count(b"=") + bare.count(b","))
    del bare
    try:
        found = tomllib.loads(text, parse_float=Decimal if decimals else float)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, ArithmeticError) as error:
        raise raised("not TOML", where=where, found=str(error)[:200]) from error
    _check_values(found, where, raised)
    return found


def json_of(
    content: bytes | str, where: str, raised: Raised = BadFile, *, decimals: bool = False
) -> Any:
    """Read JSON: one value, each field once, no NaN and no infinity.

    Args:
        content: The bytes, with or without a byte order mark, or the text.
        where: Name of the file, for messages.
        raised: What is raised.
        decimals: Numbers with a fraction are exact; where none belongs, whoever reads on says so.

    Raises:
        EdujournalError: *raised*: it is no JSON, or more than a file of that kind ever has.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
            raise raised("not JSON: a field given twice", where=f"{where}: {twice[:80]!a}")
        return found

    def no(constant: str) -> NoReturn:
        raise raised("not JSON", where=where, found=constant, expected="numbers that are some")

    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    text = text_of(content, where, raised)
    bare = _JSON_TEXTS.sub(b"", content)
    del content
    _check_parts(bare, where, raised, 0, bare.count(b","))
    del bare
    try:
        found = json.loads(
            text, object_pairs_hook=once, parse_constant=no,
            parse_float=Decimal if decimals else float,
        )  # fmt: skip
    except EdujournalError:
        raise
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise raised("not JSON", where=where, found=str(error)[:200]) from error
    _check_values(found, where, raised)
    return found


def _check_parts(bare: bytes, where: str, raised: Raised, more: int, values: int) -> None:
    brackets = bare.translate(None, _OTHERS)
    parts = brackets.count(b"[") + brackets.count(b"{") + more
    if parts > MOST_PARTS:
        raise _too_many("tables and lists", parts, MOST_PARTS, where, raised)
    if values > MOST_VALUES:
        raise _too_many("values", values, MOST_VALUES, where, raised)
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > DEEPEST:
        raise raised(f"nested deeper than {DEEPEST} levels", where=where)


def _too_many(what: str, found: int, most: int, where: str, raised: Raised) -> EdujournalError:
    return raised(f"too many {what}", where=where, expected=f"at most {most}", found=str(found))


def _check_values(found: Any, where: str, raised: Raised) -> None:
    """Refuse what can be read and is nothing that any of our files has."""
    waiting: list[Iterable[Any]] = [(found,)]
    while waiting:
        for value in waiting.pop():
            kind = type(value)
            if kind is str:
                if _NO_TEXT.search(value):
                    what = "NUL" if "\0" in value else "half of a sign"
                    raise raised(f"{what} in a text", where=where, found=ascii(value)[:80])
            elif kind is int:
                if not -BEYOND < value < BEYOND:
                    raise raised(
                        "an integer too large", where=where, expected=f"below {BEYOND}"
                    )  # fmt: skip
            elif kind is Decimal or kind is float:
                _check_number(Decimal(value), where, raised)
            elif isinstance(value, Mapping):
                if len(value) > MOST_NAMES:
                    raise _too_many("names in one table", len(value), MOST_NAMES, where, raised)
                waiting.append(value.keys())
                waiting.append(value.values())
            elif isinstance(value, list):
                waiting.append(value)


def _check_number(value: Decimal, where: str, raised: Raised) -> None:
    # 1e999999999 is short, and takes a gigabyte as an integer.
    if not value.is_finite() or value.adjusted() > _LONGEST:
        raise raised(
            "no number, or one too large", where=where, expected=f"at most {_LONGEST} digits",
            found=str(value)[:80],
        )  # fmt: skip
