"""School data and regulation carried by the store itself, as documents beside the books."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Final

from edujournal.adapters.schools.documents import from_json, to_json
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import BadInput, BadRegulation, StoreDamaged, Unknown
from edujournal.plain_files import LARGEST_PAPER, read_plain
from edujournal.ports import Keeps
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import load, parse, shipped

#: Name of the document with the school's data.
SCHOOL: Final = "school.json"

#: Name of the document with the regulation; further ones are ``regulation-2.toml`` and so on.
REGULATION: Final = "regulation.toml"


def keep(store: object, school: PlainSchool) -> None:
    """Put a school's data beside its books, replacing what was there.

    Raises:
        BadInput: The store keeps no documents, or a text of the data is not Unicode in normal form C.

    *Version added: 0.1.*
    """
    _keeping(store).keep(school.id, SCHOOL, to_json(school))


def kept_school(store: object, school: str | None = None) -> PlainSchool:
    """Give the data that :func:`keep` put beside the books of a school.

    Args:
        store: The store.
        school: Id of the school; None for the only one in the store.

    Raises:
        Unknown: The store has no such school, or no data of it; the nearest id is named.
        BadInput: The store keeps no documents, or holds several schools and none is named.
        StoreDamaged: The document is not what was put there.

    *Version added: 0.1.*
    """
    keeping = _keeping(store)
    known = sorted(keeping.schools())
    if school is None:
        if len(known) > 1:
            raise BadInput(
                "several schools in one store", expected="one id", found=", ".join(known)
            )
        if not known:
            raise Unknown("school", "", where="an empty store")
        school = known[0]
    content = keeping.kept(school, SCHOOL)
    if content is None:
        raise Unknown("school", school, known if school not in known else (), where=SCHOOL)
    try:
        return from_json(content, SCHOOL)
    except BadInput as error:
        raise StoreDamaged(error.problems) from error


def keep_regulations(
    store: object, school: str, sources: str | Path | Sequence[str | Path]
) -> None:
    """Put the text of one regulation, or of several, beside the books of a school.

    Args:
        store: The store.
        school: Id of the school.
        sources: Id of a shipped regulation, or path of a TOML file; or several.

    Raises:
        Unknown: No regulation of that id is shipped.
        BadRegulation: A file cannot be read, or says what cannot be meant.
        BadInput: The store keeps no documents.

    *Version added: 0.1.*
    """
    keeping = _keeping(store)
    some = [sources] if isinstance(sources, str | Path) else list(sources)
    contents = [regulation_text(source) for source in some]
    for content in contents:
        parse(content, REGULATION)
    for place, content in enumerate(contents):
        keeping.keep(school, _document(place), content)
    place = len(contents)
    while keeping.kept(school, _document(place)):
        # A document cannot be taken away, but it can be emptied.
        keeping.keep(school, _document(place), b"")
        place += 1


def kept_regulations(store: object, school: str) -> tuple[Regulation, ...]:
    """Give the regulations that :func:`keep_regulations` put beside the books; none, if none.

    Raises:
        BadInput: The store keeps no documents.
        StoreDamaged: A document is not what was put there.

    *Version added: 0.1.*
    """
    keeping = _keeping(store)
    found: list[Regulation] = []
    while content := keeping.kept(school, _document(len(found))):
        try:
            found.append(parse(content, _document(len(found))))
        except BadRegulation as error:
            raise StoreDamaged(error.problems) from error
    return tuple(found)


def _document(place: int) -> str:
    return REGULATION if place == 0 else f"regulation-{place + 1}.toml"


def kept_regulation_texts(store: object, school: str) -> tuple[bytes, ...]:
    """Give the texts of the regulations beside the books, as TOML; none, if none.

    Raises:
        BadInput: The store keeps no documents.

    *Version added: 0.1.*
    """
    keeping = _keeping(store)
    found: list[bytes] = []
    while content := keeping.kept(school, _document(len(found))):
        found.append(content)
    return tuple(found)


def regulation_text(source: str | Path) -> bytes:
    """Give the text of a regulation, as TOML.

    Args:
        source: Id of a shipped regulation, or path of a TOML file.

    Raises:
        Unknown: No regulation of that id is shipped.
        BadRegulation: The file cannot be read, or says what cannot be meant.

    *Version added: 0.1.*
    """
    if isinstance(source, str) and source in shipped():
        return (resources.files("edujournal.rules") / "regulations" / f"{source}.toml").read_bytes()
    load(source)
    return read_plain(Path(source), LARGEST_PAPER, BadInput)


def _keeping(store: object) -> Keeps:
    if not isinstance(store, Keeps):
        raise BadInput(
            "a store that keeps no documents",
            expected="schools(), keep() and kept(), as edujournal.ports.Keeps has them",
            found=type(store).__name__,
            mend="Hand the school's data over with school=.",
        )
    return store
