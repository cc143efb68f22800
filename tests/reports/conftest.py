"""A class whose journals are kept badly, reported in two languages; and a browser, where there is one."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

import edujournal as ej
from edujournal.adapters.documents.report import write_report
from edujournal.journals import Journals
from edujournal.model.time import parse_instant
from edujournal.papers.head_report import head_report

AT = parse_instant("2026-10-05T09:00:00+03:00")

#: What somebody may be called.
HOSTILE = "</script><script>document.title='taken'</script><b>Ё&amp;"


class Named:
    """A directory in which a pupil has a name that wants to be markup."""

    def name(self, kind, id, on=None):
        """Markup for one pupil."""
        return HOSTILE if (kind, id) == ("pupil", "p-17") else f"{kind} {id}"


@pytest.fixture(scope="session")
def journals() -> Journals:
    """Journals of 7A: a topic in time, one late, a mark of a pupil days late; all else lacks."""
    now = {"at": datetime(2026, 9, 15, 6, 0, tzinfo=UTC)}
    made = ej.open(
        "memory:",
        school=ej.samples.school(["7A"]),
        regulation="ru-school26-2023",
        clock=lambda: now["at"],
    )
    made.record(ej.Topic(lesson="7A-alg-0915", topic="Дроби", plan="1"), by="t-ivanova")
    made.record(ej.Mark(lesson="7A-alg-0915", pupil="p-18", kind="oral", value=5), by="t-ivanova")
    now["at"] = datetime(2026, 9, 18, 6, 0, tzinfo=UTC)
    made.record(ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=4), by="t-ivanova")
    return made


@pytest.fixture(scope="session")
def reports(journals):
    """The report by its language."""
    return {
        language: head_report(journals, language, Named(), at=AT, heading="Школа <26>")
        for language in ("ru", "en")
    }


@pytest.fixture(scope="session")
def pages(reports):
    """The page by its language."""
    return {language: write_report(one) for language, one in reports.items()}


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.service import Service

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    driver = shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("no Chromium with chromedriver here: apt-get install chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for one in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(one)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    try:
        made = webdriver.Chrome(options=options, service=Service(driver))
    except WebDriverException as error:
        pytest.skip(f"Chromium does not start here: {error.msg}")
    yield made
    made.quit()
