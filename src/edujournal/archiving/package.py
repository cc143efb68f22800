"""Packing: a year's books, and all that is needed to believe them, as a bag of BagIt (RFC 8493)."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from importlib import resources
from typing import Any, Final

from attrs import frozen

from edujournal.archiving.bags import MANIFEST, TAG_MANIFEST, manifest
from edujournal.archiving.copying import as_of_now
from edujournal.archiving.register import Registered, register_files
from edujournal.archiving.results import ResultBooks
from edujournal.errors import BadInput, StoreDamaged, Unknown
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.commitments import open_texts
from edujournal.ledger.records import Head, Record
from edujournal.model.ids import year_of_book
from edujournal.model.time import format_instant, tzdata_version, zone
from edujournal.ports import Store

#: Version of the form of archives.
FORMAT: Final = 1

#: Where the profile of these bags is told.
PROFILE: Final = "edujournal-archive-1"

#: The program that checks an archive and lies in each.
CHECKER: Final = "verify.py"

_COLUMNS: Final = (
    "book", "number", "hash", "recorded", "kind", "about", "pupil", "account", "role", "target",
    "values", "texts",
)  # fmt: skip

#: What a file of the payload may be called: no system gives these characters another meaning.
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|%~. ][^\x00-\x1f\x7f/\\:*?\"<>|%~]{0,119}")


@frozen(kw_only=True)
class Beside:
    """What belongs into an archive and is not in the store.

    *Version added: 0.1.*

    Attributes:
        origin: Origin of the seal log.
        notes: Signed checkpoints of the log.
        stamps: Tokens of authorities of time, each with the number of leaves it is about.
        keys: Public keys as text: of the log, of witnesses.
        school: The school's data, as JSON; of people it says nothing where they are in the register.
        people: The register of its people, as of now.
        regulations: Regulations in force: name of the file, TOML.
        documents: Further files, such as certified sheets: name, bytes.
    """

    origin: str
    notes: Sequence[bytes] = ()
    stamps: Sequence[tuple[int, bytes]] = ()
    keys: Sequence[str] = ()
    school: bytes = b"{}"
    people: Sequence[Registered] = ()
    regulations: Sequence[tuple[str, bytes]] = ()
    documents: Iterable[tuple[str, bytes]] = ()


def checker() -> bytes:
    """The program that checks an archive and lies in each of them.

    *Version added: 0.1.*
    """
    return _text("verify.py").encode()


def checker_digest() -> str:
    """SHA-256 of the checker, 64 hex digits: a public value, printed on certified sheets.

    *Version added: 0.1.*
    """
    return sha256(checker()).hexdigest()


def pack(
    store: Store, school: str, year: str, beside: Beside, *, at: int, version: str
) -> Iterator[tuple[str, bytes]]:
    """Make the files of the archive of a year, one after the other; the manifests come last.

    The store may be written to meanwhile: what is packed is what its books said when it was begun,
    and a seal that came later is not in it.

    Args:
        store: Any store.
        school: Id of the school.
        year: Academic year.
        beside: What is not in the store; its checkpoints must have been read before.
        at: Moment of packing, UTC microseconds.
        version: Version of the library, to be named.

    Yields:
        Name of a file in the folder, with ``/``, and its bytes.

    Raises:
        Unknown: The store has no book of that year.
        BadInput: A document has a name that some system would read otherwise, or that another has.
        StoreDamaged: A book ends before its head, or cannot be read.

    Source: clauses 1.1, 2.15. *Version added: 0.1.*
    """
    if not any(year_of_book(book) == year for book, _ in store.books(school)):
        raise Unknown("year", year, sorted({year_of_book(one) for one, _ in store.books(school)}))
    written: dict[str, str] = {}
    folded: set[str] = set()
    size = 0
    for name, content in _payload(store, school, year, beside, at, version):
        if name.casefold() in folded:
            raise BadInput("two files of one name", where=name, expected="names that differ")
        folded.add(name.casefold())
        written[name] = sha256(content).hexdigest()
        size += len(content)
        yield name, content
    tags = dict(_tags(beside.origin, school, year, at, version, size, len(written)))
    tags[MANIFEST] = manifest(written)
    yield from sorted(tags.items())
    hashes = {name: sha256(content).hexdigest() for name, content in tags.items()}
    yield TAG_MANIFEST, manifest(hashes)


def _payload(
    store: Store, school: str, year: str, beside: Beside, at: int, version: str
) -> Iterator[tuple[str, bytes]]:
    about = {
        "format": FORMAT, "made": at, "origin": beside.origin, "school": school,
        "tzdata": tzdata_version(), "version": version, "year": year,
    }  # fmt: skip
    yield "data/archive.json", encode(about)
    yield "data/format.md", _text("format.md").encode()
    yield "data/school.json", beside.school
    if beside.people:
        yield from register_files(beside.people)
    for name, content in beside.regulations:
        yield f"data/regulations/{_checked(name)}", content
    yield "data/keys.txt", "".join(f"{one}\n" for one in beside.keys).encode()
    for place, note in enumerate(beside.notes, 1):
        yield f"data/checkpoints/{place:06}.note", note
    for place, (size, token) in enumerate(beside.stamps, 1):
        yield f"data/stamps/{place:06}-{size}.tsr", token
    rows = []
    results = ResultBooks(school, year, beside.notes[-1] if beside.notes else None)
    for place, (book, head) in enumerate(as_of_now(store, school, year), 1):
        yield from results.finished(book)
        log, texts, copy, table = _book(store, school, book, head, results.take)
        name = f"{place:05}.jsonl"
        results.after(book, f"data/books/{name}")
        yield f"data/books/{name}", log
        if texts:
            yield f"data/texts/{name}", texts
        yield f"data/copies/{name}", copy
        yield f"data/copies/{place:05}.csv", table
        row = {
            "book": book, "file": f"data/books/{name}", "hash": head.hash, "n": head.number,
            "texts": f"data/texts/{name}" if texts else None,
        }  # fmt: skip
        rows.append(encode(row) + b"\n")
    yield from results.finished(None)
    yield "data/books.jsonl", b"".join(rows)
    for name, content in beside.documents:
        yield f"data/documents/{_checked(name)}", content


def _book(
    store: Store, school: str, book: str, head: Head, take: Callable[[Record], None]
) -> tuple[bytes, bytes, bytes, bytes]:
    """The lines of a book up to its head, its texts, and both in forms for people and programs.

    *take* is shown each record.
    """
    log, texts, copy = bytearray(), bytearray(), bytearray()
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    number = 0
    for record in store.read(school, book):
        if record.number > head.number:
            break
        number = record.number
        take(record)
        log += b"%b %b\n" % (record.hash.encode(), record.body)
        if record.private is not None:
            texts += b"%d %b\n" % (number, record.private)
        body, said = _opened(record)
        copy += encode({"body": body, "hash": record.hash, "texts": said}) + b"\n"
        writer.writerow(_cells(record, body, said))
    if number != head.number:
        raise StoreDamaged(
            "a book that ends before its head", where=f"{book}:{number}",
            expected=str(head.number), found=str(number), mend="Run edujournal verify.",
        )  # fmt: skip
    return bytes(log), bytes(texts), bytes(copy), table.getvalue().encode()


def _opened(record: Record) -> tuple[dict[str, Any], dict[str, str | None]]:
    try:
        body = decode(record.body)
        return body, open_texts(body.get("texts"), record.private)
    except (BadInput, AttributeError) as error:
        raise StoreDamaged(
            "a record that cannot be read is not archived", where=f"{record.book}:{record.number}",
            found=str(error), mend="Run edujournal verify.",
        ) from error  # fmt: skip


def _cells(record: Record, body: dict[str, Any], said: dict[str, str | None]) -> tuple[object, ...]:
    index = record.index
    return (
        record.book, record.number, record.hash,
        format_instant(index.recorded, str(body.get("zone") or "UTC")),
        index.kind, index.about, index.pupil, index.account, index.role, index.target,
        encode(body.get("values") or {}).decode(), encode(said).decode(),
    )  # fmt: skip


def _tags(
    origin: str, school: str, year: str, at: int, version: str, size: int, count: int
) -> Iterator[tuple[str, bytes]]:
    info = {
        "Source-Organization": school,
        "External-Identifier": origin,
        "External-Description": f"Class journals of the academic year {year}",
        "Bagging-Date": zone("UTC").local_date(at).isoformat(),
        "Bag-Software-Agent": f"edujournal {version}",
        "BagIt-Profile-Identifier": PROFILE,
        "Payload-Oxum": f"{size}.{count}",
    }
    yield "bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    yield "bag-info.txt", "".join(f"{name}: {text}\n" for name, text in info.items()).encode()
    for language in ("en", "ru"):
        yield f"README.{language}.md", _text(f"readme.{language}.md").encode()
    yield CHECKER, checker()


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or not unicodedata.is_normalized("NFC", name):
        raise BadInput(
            "not the name of a file in an archive", where="data", found=repr(name[:80]),
            expected='up to 120 printable characters without / \\ : * ? " < > | % ~, no dot first',
        )  # fmt: skip
    return name


def _text(name: str) -> str:
    return (resources.files("edujournal.archiving") / name).read_text("utf-8")
