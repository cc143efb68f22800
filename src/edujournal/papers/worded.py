"""What the reports share: their words and numbers in one language."""

from __future__ import annotations

from fractions import Fraction

from edujournal.rules.numbers import shown as rounded
from edujournal.texts import reports
from edujournal.views.speaking import Speaker


class Worded:
    """A report that speaks.

    *Version added: 0.1.*

    Attributes:
        words: Says it.
    """

    __slots__ = ()

    words: Speaker

    def word(self, name: str) -> str:
        """A title or a label."""
        return self.words.messages.say(reports.WORDS[name])

    def note(self, name: str, /, **values: object) -> str:
        """A sentence."""
        return self.words.messages.say(reports.NOTES[name], **values)

    def number(self, value: Fraction | None, digits: int = 1) -> str:
        """A number as this language writes it; a dash for none."""
        return "–" if value is None else self.decimal(rounded(value, digits))

    def decimal(self, text: str) -> str:
        """A number in digits, with the decimal sign of this language."""
        return text.replace(".", self.words.messages.say(reports.DECIMAL))
