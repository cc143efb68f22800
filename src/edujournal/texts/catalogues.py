"""Catalogues of messages: what the library says to people, in each of its languages.

The message in English is the key. Catalogues are kept as ``.po`` and read as ``.mo`` by the standard
library; the language is always a parameter and never taken from the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations
from importlib.resources import files
from typing import Final

from attrs import frozen

from edujournal.errors import EdujournalError, Unknown

#: Languages that there is a catalogue for.
LANGUAGES: Final = ("en", "ru")

_DOMAIN: Final = "edujournal"


@frozen
class Message:
    """A message to be said later: its English text, and the context that tells homonyms apart.

    *Version added: 0.1.*
    """

    context: str
    text: str


@frozen
class Plural:
    """A number of things, to be said later in the form that the number asks for.

    *Version added: 0.1.*
    """

    one: str
    many: str


class Messages:
    """The messages of one language.

    A message may have places, written ``{name}``, that are filled with values by name.

    *Version added: 0.1.*

    Args:
        language: ``en`` or ``ru``.

    Raises:
        Unknown: There is no catalogue for that language.
        EdujournalError: The catalogue is not compiled.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._found = _load(language)

    def gettext(self, text: str, /, **values: object) -> str:
        """Say *text*."""
        return _filled(self._found.gettext(text), values)

    def pgettext(self, context: str, text: str, /, **values: object) -> str:
        """Say *text* as it is meant in *context*."""
        return _filled(self._found.pgettext(context, text), values)

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Say *one* or *many* in the form that the number *n* asks for; ``{n}`` is the number."""
        return _filled(self._found.ngettext(one, many, n), {"n": n} | values)

    def say(self, message: Message, /, **values: object) -> str:
        """Say *message*."""
        return self.pgettext(message.context, message.text, **values)

    def count(self, plural: Plural, n: int, /) -> str:
        """Say *n* of something."""
        return self.ngettext(plural.one, plural.many, n)

    def word(self, table: Mapping[str, Message], name: str) -> str:
        """Say the word that *table* has for *name*; a name that it does not have stands for itself."""
        found = table.get(name)
        return name if found is None else self.say(found)


def _filled(text: str, values: dict[str, object]) -> str:
    return text.format(**values) if values else text


@lru_cache
def _load(language: str) -> GNUTranslations:
    if language not in LANGUAGES:
        raise Unknown("language", language, LANGUAGES)
    place = f"locale/{language}/LC_MESSAGES/{_DOMAIN}.mo"
    compiled = files("edujournal.texts").joinpath(*place.split("/"))
    if not compiled.is_file():
        raise EdujournalError(
            "a message catalogue that is not compiled",
            where=f"edujournal/texts/{place}",
            expected="the compiled catalogue, as every wheel brings it",
            mend="In a source tree run: python hatch_build.py",
        )
    with compiled.open("rb") as stream:
        return GNUTranslations(stream)
