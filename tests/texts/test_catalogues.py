"""Message catalogues: complete in both languages, with nothing left over, whatever the machine speaks."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

from edujournal.errors import EdujournalError, Unknown
from edujournal.texts import catalogues
from edujournal.texts.catalogues import LANGUAGES, Message, Messages, Plural
from edujournal.texts.words import NOUNS

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "docs" / "catalogues.py"))
USED = dict(SCRIPT["used"]())
HINT = "run `python docs/catalogues.py`, translate what is empty, and run it again"


def said(language):
    """Every message of a compiled catalogue: (context, text) and what is said for it, form by form."""
    found = {}
    for key, string in Messages(language)._found._catalog.items():
        text, form = key if isinstance(key, tuple) else (key, 0)
        if text:
            context, _, bare = text.rpartition("\x04")
            found.setdefault((context or None, bare), {})[form] = string
    return found


def fields(text):
    """The places of a message."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_code_is_in_the_catalogue(language):
    """Nothing is said in one language only; nothing stays in a catalogue that nobody says."""
    used = {(context, text) for context, text, _ in USED}

    assert len(used) > 400
    assert used == set(said(language)), HINT


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_source_of_a_catalogue_is_clean(language):
    """No translation is only a guess, none is kept for a message that is gone, none is empty."""
    path = ROOT / f"src/edujournal/texts/locale/{language}/LC_MESSAGES/edujournal.po"
    text = path.read_text("utf-8")

    assert [] == re.findall(r"^#,.*fuzzy.*$|^#~.*$", text, re.MULTILINE)
    assert [] == re.findall(r'^msgstr(?:\[\d\])? ""\n(?!")', text, re.MULTILINE), HINT
    assert "Date:" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_source_of_a_catalogue_is_as_its_script_writes_it(language):
    """A second run changes nothing: a change of one line is a change of one line."""
    pytest.importorskip("babel", reason="skip: babel writes the catalogues")
    path = ROOT / f"src/edujournal/texts/locale/{language}/LC_MESSAGES/edujournal.po"

    assert SCRIPT["update"](language).decode() == path.read_text("utf-8"), HINT


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_the_places_of_their_message(language):
    """A translation drops no value and names none that it will not get."""
    wrong = {
        message: string
        for message, forms in said(language).items()
        for string in forms.values()
        if fields(string) != fields(message[1]) and message[0] != "day"
    }
    days = {
        name
        for (context, _), forms in said(language).items()
        if context == "day"
        for string in forms.values()
        for name in fields(string)
    }

    assert {} == wrong
    assert days <= {"day", "month", "number", "weekday", "year"}


def test_english_stands_for_itself():
    """The message in the code is what is said in English."""
    for (_, text), forms in said("en").items():
        assert text == forms[0]


def test_russian_is_written_in_russian():
    """No translation was forgotten: a text with letters has Cyrillic ones, and no Latin word."""
    latin = re.compile(r"[A-Za-z]{2,}")
    for (context, text), forms in said("ru").items():
        for string in forms.values():
            bare = re.sub(r"{[^}]*}", "", string)
            assert not latin.search(bare), (context, text, string)
            if latin.search(re.sub(r"{[^}]*}", "", text)):
                assert re.search("[А-Яа-яё]|^[^a-z]*$", bare), (context, text, string)


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("minute", "1 минута|2 минуты|5 минут|11 минут|21 минута|22 минуты|25 минут|101 минута|111 минут"),
        ("day", "1 день|2 дня|5 дней|11 дней|21 день|22 дня|25 дней|101 день|111 дней"),
        ("finding", "1 находка|2 находки|5 находок|11 находок|21 находка|22 находки|25 находок|101 находка|111 находок"),
        ("year", "1 год|2 года|5 лет|11 лет|21 год|22 года|25 лет|101 год|111 лет"),
    ],
)  # fmt: skip
def test_russian_counts_as_russians_do(noun, expected):
    """The last digits decide the form, and eleven is not one."""
    numbers = (1, 2, 5, 11, 21, 22, 25, 101, 111)

    assert expected.split("|") == [Messages("ru").count(NOUNS[noun], n) for n in numbers]


@pytest.mark.parametrize("noun", sorted(NOUNS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_noun_has_the_forms_of_its_language(language, noun):
    """Two in English, three in Russian, each with its number, and by the same rule for all."""
    messages, numbers = Messages(language), range(130)
    forms = {n: messages.count(NOUNS[noun], n).removeprefix(str(n)).strip() for n in numbers}

    def form(n):
        if language == "en":
            return n != 1
        if n % 100 in (11, 12, 13, 14) or n % 10 in (0, 5, 6, 7, 8, 9):
            return 2
        return int(n % 10 != 1)

    assert all(forms[n] == forms[m] for n in numbers for m in (1, 2, 5) if form(n) == form(m))
    assert all(messages.count(NOUNS[noun], n).startswith(f"{n} ") for n in numbers)
    assert ({"en": 2, "ru": 3}[language]) >= len(set(forms.values())) >= 2


def test_messages_are_filled_by_name():
    """Values come last, and what looks like a place in a value is no place."""
    messages = Messages("en")

    assert "by {hand}" == messages.say(Message("finding", "by {hand}"), hand="{hand}")
    assert "2 days" == messages.ngettext("{n} day", "{n} days", 2)
    assert "1 day" == messages.count(Plural("{n} day", "{n} days"), 1)
    assert "A text says something." == messages.gettext("A text says something.")
    assert "head" == messages.word({"a": Message("role", "head")}, "a")
    assert "b" == messages.word({"a": Message("role", "head")}, "b")


def test_a_homonym_is_told_by_its_context():
    """A group and a period can have one name in English and another one in Russian."""
    messages = Messages("ru")

    assert "год" == messages.pgettext("period", "year")
    assert ("группа", "любой участник") == (
        messages.pgettext("feature", "group"),
        messages.pgettext("role", "anybody"),
    )


def test_a_language_without_a_catalogue_is_unknown():
    """The nearest one is named."""
    with pytest.raises(Unknown, match=r"unknown language 'rus'\. Did you mean 'ru'"):
        Messages("rus")


def test_a_catalogue_that_is_not_compiled_says_how_to_compile_it(monkeypatch, tmp_path):
    """In a source tree without compiled catalogues the first message tells what to run."""
    monkeypatch.setattr(catalogues, "files", lambda _: tmp_path)
    catalogues._load.cache_clear()
    try:
        with pytest.raises(EdujournalError, match=r"python hatch_build\.py") as caught:
            Messages("ru")
    finally:
        catalogues._load.cache_clear()

    assert "edujournal/texts/locale/ru/LC_MESSAGES/edujournal.mo" == caught.value.problems[0].where


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_environment_has_no_say(language):
    """What the machine speaks changes nothing; neither Babel nor a database is loaded to speak."""
    program = f"""
import sys
from edujournal.views.speaking import Speaker
print(Speaker({language!r}).say_count("day", 5).encode("unicode-escape").decode())
print(sorted({{"babel", "sqlalchemy"}} & set(sys.modules)))
"""
    other = {"en": "ru_RU.UTF-8", "ru": "en_US.UTF-8"}[language]
    environment = os.environ | {"LANG": other, "LC_ALL": other, "LANGUAGE": other[:2]}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    expected = Messages(language).count(NOUNS["day"], 5).encode("unicode-escape").decode()

    assert [expected, "[]"] == run.stdout.split("\n")[:2]
