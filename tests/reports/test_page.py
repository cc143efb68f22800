"""The page of a report: one file, no network, texts escaped, both languages, every sum once."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from edujournal.errors import BadInput
from edujournal.papers.head_report import head_report
from edujournal.rules.verdicts import Outcome
from tests.reports.conftest import AT, HOSTILE

LANGUAGES = "ru", "en"


def data_of(page: str) -> dict:
    """What the page's script reads."""
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_for_nothing_and_runs_its_own_script_only(pages, language):
    """The policy forbids the network; the script that it allows is the one that is there."""
    page = pages[language]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    digest = b64encode(sha256(script.encode()).digest()).decode()

    assert "default-src &#39;none&#39;" in policy
    assert f"script-src &#39;sha256-{digest}&#39;;" in policy
    assert not re.search(r'\b(?:src|srcset|action)="', page)
    assert {"#findings"} == set(re.findall(r'href="([^"]*)"', page))
    assert not re.search(r"url\(|@import", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_is_a_name(pages, language):
    """Markup in a name is text on the page, and cannot end the data."""
    page = pages[language]
    assert HOSTILE not in page
    assert "Школа &lt;26&gt;" in page
    assert any(HOSTILE in finding[6] for finding in data_of(page)["findings"])


def test_languages_differ_in_words_and_not_in_numbers(pages, reports):
    """The same findings, the same sums; decimals by the language."""
    ru, en = data_of(pages["ru"]), data_of(pages["en"])
    assert [one[:6] for one in ru["findings"]] == [one[:6] for one in en["findings"]]
    assert reports["ru"].gathered == reports["en"].gathered
    assert "Как ведутся журналы" in pages["ru"]
    assert "How the journals are kept" in pages["en"]
    assert ("4,65", "4.65") == tuple(reports[one].decimal("4.65") for one in LANGUAGES)


def test_the_page_says_how_many_findings_it_keeps(pages, reports):
    """Nobody takes a part for the whole."""
    gathered = reports["en"].gathered
    assert len(gathered.findings) < gathered.told
    assert f"{len(gathered.findings)} of {gathered.told} findings are in this file" in pages["en"]
    assert f"{gathered.keep} gravest at most" in pages["en"]


def test_every_finding_goes_by_once(journals, reports):
    """The journals are audited once for all sums and for the list beside."""
    seen = []
    head_report(journals, "en", at=AT, each=seen.append)
    want = list(journals.audit(AT, since=None, until=None, everything=True))
    counted = [one for one in seen if one.outcome is not Outcome.NOT_APPLICABLE]

    assert want == seen
    assert len(counted) == sum(reports["en"].gathered.total.outcomes.values())


def test_each_finding_has_its_explanation(pages):
    """What is asked, why, and how to mend it stand beside each."""
    found = data_of(pages["ru"])
    for _, _, _, _, _, code, where, told, _ in found["findings"]:
        title, asks, why, _, mend = found["codes"][code]
        assert all((title, asks, why, mend, where, told))


def test_no_square_says_all_was_in_time_where_it_was_not(pages, reports):
    """Shares are rounded down: 100 is said only of what is whole."""
    assert "sums.punctual" not in pages["en"]
    for sums in reports["en"].gathered.squares.values():
        if sums.punctual is not None and sums.punctual < 1:
            break
    else:
        pytest.fail("no square to look at")
    assert reports["en"].gathered.total.punctual < 1
    assert re.search(r"<dd>(?!100)[0-9.]+</dd>", pages["en"])


def test_days_that_are_none_are_misuse(journals):
    """The day after the last one comes after the first."""
    from datetime import date

    with pytest.raises(BadInput, match="no days"):
        head_report(journals, "en", since=date(2026, 9, 2), until=date(2026, 9, 2))
