"""What every writer says beside a paper: words of the form, the foot of a page, the stamp's lines."""

from __future__ import annotations

from edujournal.papers.paper import Paper, Stamp
from edujournal.texts.catalogues import Messages
from edujournal.texts.papers import FORMS, LABELS


def form_words(language: str) -> dict[str, str]:
    """The words of the form in one language, by name."""
    messages = Messages(language)
    words = {name: messages.say(message) for name, message in FORMS.items()}
    return words | {"none": messages.say(LABELS["none"])}


def foot(paper: Paper) -> str:
    """What stands at the left of every page's foot: what it is, and of what."""
    return f"{paper.title}, {paper.of}"


def mark(paper: Paper, stamp: Stamp | None) -> str:
    """What stands at the right of every page's foot: the beginning of the digest."""
    if stamp is None:
        return Messages(paper.language).say(FORMS["draft"])
    return f"SHA-256 {stamp.digest[:16]}…"


def stamp_lines(paper: Paper, stamp: Stamp) -> list[tuple[str, str, bool]]:
    """The lines of a stamp: label, what it says, and whether that is to be compared by letters."""
    messages = Messages(paper.language)
    lines = [
        (FORMS["digest"], f"{stamp.digest}", True),
        (FORMS["origin"], stamp.origin, True),
        (FORMS["size"], str(stamp.size), True),
        (FORMS["root"], stamp.root, True),
    ]
    if stamp.checker is not None:
        lines.append((FORMS["checker"], stamp.checker, True))
    if paper.accountable is not None:
        who = ", ".join(one for one in (paper.accountable.office, paper.accountable.name) if one)
        lines.append((LABELS["accountable"], who, False))
    return [(messages.say(label), text, exact) for label, text, exact in lines]
