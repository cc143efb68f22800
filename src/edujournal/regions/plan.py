"""The one plan of the audit: joins and counts of columns, in expressions of narwhals, for any engine.

No rule is here. What a rule says comes in as columns: windows, rolls, hands that were found right,
things said that were found well said. Instants are whole numbers of microseconds; no time zone and no
calendar is known to an engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from attrs import frozen

from edujournal.regions.columnar import MEANING, ONCE
from edujournal.regions.doubts import WHOLE

BOOK: Final = ["school", "book"]
PLACE: Final = [*BOOK, "about"]
HAND: Final = [*BOOK, "kind", "account", "role", "epoch"]
SAID: Final = ["school", "shelf", "kind", "variety", "sign"]
RECORD: Final = [*PLACE, "kind", "variety"]
ENTRY: Final = [*BOOK, "number"]


@frozen(eq=False)
class Frames:
    """What is joined: frames of narwhals on one engine.

    Attributes:
        entries: Every entry, as the lake has it.
        absences: Every absence in a roll call.
        occasions: Place, the place of the lesson, key of the roll, stretch of the hands with its
            beginning and end, shelf of what is said, and whether it is odd.
        members: Key of a roll, pupil.
        windows: Record, beginning and end of the window, number of the entry that must come first.
        owed: Place, kind, of whom it is owed (``once``, ``roll`` or ``present``), and what occasions
            have as well, the place of the lesson and the key of the roll: an engine that had to join
            for them might join every occasion with all who are on its roll first.
        absent: Codes of absence that mean that somebody was not there, by school, and whether every
            regulation says so.
        hands: Hands that were found right.
        said: Things said that were found well said.
    """

    entries: Any
    absences: Any
    occasions: Any
    members: Any
    windows: Any
    owed: Any
    absent: Any
    hands: Any
    said: Any


def nw() -> Any:
    """The library narwhals."""
    import narwhals

    return narwhals


def plain(entries: Any) -> Any:
    """The entries that speak for themselves."""
    kept = [*ENTRY, "kind", "about", "pupil", "account", "role", "lo", "hi", "variety", "sign"]
    return entries.filter(nw().col("leans") == "no").select(kept)


def leaning(entries: Any) -> Any:
    """Books with an entry that leans on others, wherever they stand in the book."""
    return entries.filter(nw().col("leans") == "book").select(BOOK).unique()


def holding(entries: Any, kinds: Iterable[str]) -> Any:
    """Books with entries of some kinds, and of which."""
    kept = [*BOOK, "kind"]
    return entries.filter(nw().col("kind").is_in(sorted(kinds))).select(kept).unique()


def numbers(entries: Any) -> Any:
    """Every book with its last number."""
    col = nw().col
    return entries.group_by(BOOK).agg(
        col("number").max().alias("last"), col("number").len().alias("n")
    )


def of_kind(entries: Any, kind: str) -> Any:
    """The records of one kind, whole."""
    kept = [*ENTRY, "hash", "body", "private"]
    return entries.filter(nw().col("kind") == kind).select(kept)


def records_at(entries: Any) -> Any:
    """What kinds of record there are about what, each once: for these windows are reckoned.

    What is about one occasion comes together, since its moments are looked up once.
    """
    return plain(entries).select(RECORD).unique().sort(RECORD)


def samples(entries: Any, occasions: Any) -> Any:
    """Of all entries that no rule can tell apart by hand and by what they say: the first and the last."""
    col = nw().col
    return (
        _steady(_placed(entries, occasions))
        .group_by([*HAND, "shelf", "variety", "sign"])
        .agg(col("number").min().alias("first"), col("number").max().alias("last"))
    )


def whole(entries: Any, wanted: Any, by: list[str]) -> Any:
    """The whole records that are *wanted*, by some of their columns."""
    kept = [*ENTRY, "about", "hash", "body", "private"]
    return entries.join(wanted, on=by, how="inner").select(kept)


def _marked_throughout(entries: Any) -> Any:
    """Pupils of whom something is said for a whole subject: it reaches whatever else is said of them."""
    col = nw().col
    kept = [*BOOK, "pupil"]
    throughout = col("about").str.starts_with("subject:") & ~col("pupil").is_null()
    return entries.filter(throughout).select(kept).unique()


def _placed(entries: Any, occasions: Any) -> Any:
    return plain(entries).join(occasions, on=PLACE, how="inner")


def _steady(placed: Any) -> Any:
    """What was recorded while the hands were those of the day it is about."""
    col = nw().col
    return placed.filter(~col("odd") & (col("since") <= col("lo")) & (col("lo") < col("until")))


def suspects(frames: Frames) -> Any:
    """What columns cannot prove clean, each once: places with the number of an entry, or with 0 for all.

    A roll call and a work tell what others there mean, so that no other is proven beside one in doubt.
    """
    narwhals = nw()
    col, none = narwhals.col, narwhals.lit
    whole = none(WHOLE, dtype=narwhals.Int64)
    own = narwhals.when(~col("kind").is_in(list(MEANING))).then(col("number")).otherwise(whole)
    said = plain(frames.entries)
    placed = _placed(frames.entries, frames.occasions)
    named = placed.filter(~col("pupil").is_null())
    told = frames.absences.join(frames.occasions, on=PLACE, how="inner")
    gone = frames.absences.join(frames.absent, on=["school", "code"], how="inner").select(
        "school", "book", lesson="about", pupil="pupil"
    )
    timed = said.join(frames.windows, on=RECORD, how="inner")
    twice = (
        said.filter(col("kind").is_in(list(ONCE)))
        .with_columns(col("pupil").fill_null(""))
        .group_by([*PLACE, "kind", "pupil"])
        .agg(col("number").len().alias("n"))
        .filter(col("n") > none(1))
    )
    near, alone, beside = _leaning_near(frames, placed)
    places = [
        near,
        said.join(frames.occasions, on=PLACE, how="anti"),
        placed.filter(col("odd")),
        told.join(frames.members, on=["school", "roll", "pupil"], how="anti"),
        twice,
        # Of a mark and a roll call that calls its pupil absent the later one is at fault.
        placed.filter(col("kind") == "mark").join(gone, on=[*BOOK, "lesson", "pupil"], how="inner"),
    ]
    single = [
        placed.filter((col("lo") < col("since")) | (col("lo") >= col("until"))),
        placed.join(frames.hands, on=HAND, how="anti"),
        placed.join(frames.said, on=SAID, how="anti"),
        named.join(frames.members, on=["school", "roll", "pupil"], how="anti"),
        named.join(_marked_throughout(frames.entries), on=[*BOOK, "pupil"], how="inner"),
        said.join(frames.windows, on=RECORD, how="anti"),
        timed.filter(col("number") <= col("after")),
        timed.filter((col("lo") < col("closes")) & (col("hi") > col("closes"))),
    ]
    found = [one.select(*PLACE, number=whole) for one in places]
    found += [one.select(*PLACE, number=own) for one in single]
    found += [one.select(*PLACE, "number") for one in (alone, beside)]
    return narwhals.concat(found, how="vertical").unique()


def _leaning_near(frames: Frames, placed: Any) -> tuple[Any, Any, Any]:
    """What leans on others about its occasion, and those on which it leans.

    What is said of one pupil is judged beside what is said of that pupil, or of nobody, at the lesson
    and at the works held there: others are no other for it.

    Returns:
        What leans on all at its place; what leans on those of its pupil; and these, of *placed*.
    """
    narwhals = nw()
    col = narwhals.col
    spot = narwhals.when(col("lesson") != "").then(col("lesson")).otherwise(col("about"))
    places = frames.occasions.select(*PLACE, spot=spot)
    leaning = frames.entries.filter(col("leans") != "no").select(*ENTRY, "about", "pupil")
    kept = [*ENTRY, "about"]
    named = leaning.filter(~col("pupil").is_null())
    of_pupil = named.join(places, on=PLACE, how="inner")
    # What is said of a pupil for the whole subject is about no occasion.
    rest = [leaning.filter(col("pupil").is_null()), named.join(places, on=PLACE, how="anti")]
    there = placed.with_columns(spot=spot)
    same = there.join(
        of_pupil.select(*BOOK, "spot", "pupil").unique(), on=[*BOOK, "spot", "pupil"], how="inner"
    )
    nobody = there.filter(col("pupil").is_null()).join(
        of_pupil.select(*BOOK, "spot").unique(), on=[*BOOK, "spot"], how="inner"
    )
    return (
        narwhals.concat([one.select(kept) for one in rest], how="vertical"),
        of_pupil.select(kept),
        narwhals.concat([same.select(kept), nobody.select(kept)], how="vertical"),
    )


def untimely(frames: Frames) -> Any:
    """Entries outside their windows, each once, with their places."""
    col = nw().col
    return (
        plain(frames.entries)
        .join(frames.windows, on=RECORD, how="inner")
        .filter((col("lo") >= col("closes")) | (col("hi") <= col("opens")))
        .select([*ENTRY, "about"])
        .unique()
    )


def lacking(frames: Frames) -> Any:
    """Places where something is owed that does not seem to be there, each once."""
    narwhals = nw()
    col = narwhals.col
    said = plain(frames.entries)
    one = frames.owed.filter(col("whose") == "once").join(
        said.select([*PLACE, "kind"]).unique(), on=[*PLACE, "kind"], how="anti"
    )
    each = (
        frames.owed.filter(col("whose") != "once")
        .join(frames.members, on=["school", "roll"], how="inner")
        .select([*PLACE, "kind", "whose", "lesson", "pupil"])
        .join(
            said.filter(~col("pupil").is_null()).select([*PLACE, "kind", "pupil"]).unique(),
            on=[*PLACE, "kind", "pupil"], how="anti",
        )
    )  # fmt: skip
    # Where one regulation takes the pupil for present all the same, a mark may be owed by it.
    agreed = frames.absent.filter(col("agreed"))
    gone = frames.absences.join(agreed, on=["school", "code"], how="inner").select(
        "school", "book", lesson="about", pupil="pupil", whose=narwhals.lit("present")
    )
    each = each.join(gone, on=[*BOOK, "lesson", "pupil", "whose"], how="anti")
    return narwhals.concat([one.select(PLACE), each.select(PLACE)], how="vertical").unique()
