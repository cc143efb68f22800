"""Letters as people get them: golden files in both languages, and what markup can do to them."""

from __future__ import annotations

import os
from datetime import date, time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.notices.subscriptions import Subscription
from tests.notices.conftest import LESSON, Desk, subscriptions

GOLDEN = Path(__file__).parent / "golden"


class Plain(HTMLParser):
    """The tags of a page, their attributes, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Note a tag, and what it loads."""
        self.tags.add(tag)
        if tag not in ("meta", "col", "br"):
            self.open.append(tag)
        self.links += [
            f"{name}={value}"
            for name, value in attrs
            if name in ("src", "href") or name.startswith("on")
        ]

    def handle_endtag(self, tag):
        """Every tag is closed by its own."""
        assert tag == self.open.pop()

    def handle_data(self, data):
        """Note words, styles aside."""
        if "style" not in self.open:
            self.words.append(data)


def read(page):
    """What a reader of mail makes of a page."""
    found = Plain()
    found.feed(page)
    found.close()
    assert [] == found.open
    return found


def letters_in(language, school):
    """A digest of a day with all kinds, a correction, a week's print-out, and duties."""
    said = subscriptions(
        Subscription(account="g-17", channel="email", rhythm="daily", at=time(18)),
        Subscription(account="g-16", channel="email"),
        Subscription(account="g-17", channel="print", kinds=("diary",), at=time(16)),
        Subscription(account="t-ivanova", channel="email", kinds=("missing",), rhythm="daily"),
        channels=("email", "print"),
        school="Школа № 26",
        contact="+7 495 000-00-00",
    )
    said = evolve(said, language=language, since=date(2026, 9, 14))
    desk = Desk(school, said)
    record = desk.journals.record
    desk.mark(4, lesson="7A-alg-0914")
    record(ej.RollCall(lesson=LESSON, absent={"p-17": ej.Absence("ОП", 10)}), by="t-ivanova")
    desk.mark(5)
    record(ej.Topic(lesson=LESSON, topic="Квадратные уравнения"), by="t-ivanova")
    record(ej.Comment(lesson=LESSON, pupil="p-17", comment="Хорошо & ясно: 1 < 2"), by="t-ivanova")
    task = "§ 4, № 12; повторить <b>формулы</b> сокращённого умножения и решить две задачи на выбор"
    record(
        ej.Homework(lesson=LESSON, task=task, nature="письменно", due=date(2026, 9, 16)),
        by="t-ivanova",
    )
    number = desk.mark(2, "p-16")
    first = desk.told()
    told = {"mark": next(one for one in first if one.account == "g-16")}
    # What lacked on Monday was to be told that evening, when no tick was there for it.
    told["duties"] = next(one for one in first if one.account == "t-ivanova")
    desk.correct(number, value=3)
    told["correction"] = next(one for one in desk.told() if one.account == "g-16")
    desk.at(9, 15, 18)
    told["digest"] = next(one for one in desk.told() if one.account == "g-17")
    desk.at(9, 18, 16)
    told["week"] = next(one for one in desk.told() if one.channel == "print")
    return told


@pytest.mark.parametrize("language", ["ru", "en"])
def test_letters_read_as_they_should(school, language):
    """Word for word; to write the files anew after a change that is meant, set EDUJOURNAL_GOLDEN."""
    told = letters_in(language, school)
    assert ["correction", "digest", "duties", "mark", "week"] == sorted(told)
    for name, letter in told.items():
        for kind, text in (
            ("txt", f"{letter.subject}\n{letter.brief}\n\n{letter.text}"),
            ("html", letter.html),
        ):
            place = GOLDEN / f"{name}.{language}.{kind}"
            if os.environ.get("EDUJOURNAL_GOLDEN"):
                place.write_text(text, "utf-8")
            assert place.read_text("utf-8") == text


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_page_loads_nothing_and_says_all_that_the_text_says(school, language):
    """No script, no picture, no link; markup in a teacher's words stays words."""
    for letter in letters_in(language, school).values():
        page = read(letter.html)
        assert not page.links
        assert page.tags <= {
            "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "section", "table",
            "colgroup", "col", "thead", "tbody", "tr", "th", "td", "p", "span", "footer", "br",
        }  # fmt: skip
        words = "".join("".join(page.words).split())
        body = letter.text.split("\n-- \n")[0]
        for line in body.splitlines() if not letter.day else ():
            for part in line.split(" – "):
                assert "".join(part.split()) in words
        assert max(map(len, letter.text.splitlines())) <= 76
        assert "url(" not in letter.html


def test_markup_in_words_stays_words(desk):
    """Whoever writes a tag as homework shows a tag, and no more."""
    evil = '</td></table><script>alert(1)</script><img src=x onerror="a()">&amp;'
    desk.journals.record(ej.Homework(lesson=LESSON, task=evil, nature="письменно"), by="t-ivanova")
    for letter in desk.told():
        page = read(letter.html)
        assert not page.links
        assert not {"script", "img"} & page.tags
        assert evil in "".join(page.words)
        assert "".join(evil.split()) in "".join(letter.text.split())
