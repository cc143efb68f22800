"""A region's report in a browser: a school is looked at closely by keyboard, tables sort, a phone fits."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium")

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from edujournal.adapters.documents.report import write_region_report
from edujournal.adapters.exchange.lake import Lake, export
from edujournal.regions.bulk import Report, audit_exactly
from edujournal.regions.region_report import RegionReporting
from edujournal.regions.rolling import RollUp, tally_findings
from edujournal.samples.generated import Size, generate
from tests.region.conftest import in_memory
from tests.reports.test_browser import CONTRASTS, NAMELESS, size


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    """The report of three schools by its language."""
    root, at = tmp_path_factory.mktemp("region-page") / "lake", 0
    for kept, town in zip(
        generate(3, 5, Size(classes=2, pupils=5, days=20)), ("A", "B", "A"), strict=True
    ):
        export(root, in_memory(kept), kept.school, [kept.regulation.read_bytes()], "north", town)
        at = max(at, kept.audited)
    found = {
        source.id: findings
        for source, findings in audit_exactly(Lake(root).schools(), at, Report())
    }
    made = {}
    for language in ("ru", "en"):
        reporting, rolled = RegionReporting(language, "North", at), RollUp()
        for source in Lake(root).schools():
            one = tally_findings(source, found[source.id], at, statistics=True)
            rolled.add(one)
            reporting.add(one, source.data, source.regulations)
        made[language] = reporting.report(rolled)
    return made


@pytest.fixture(params=["ru", "en"])
def opened(request, browser, region, tmp_path):
    """A page in the browser, with its report; nothing may stand in the console at the end."""
    size(browser, 1280, 900)
    file = tmp_path / "region.html"
    file.write_text(write_region_report(region[request.param]), "utf-8")
    browser.get(file.as_uri())
    assert "yes" == browser.execute_script("return document.documentElement.dataset.ready")
    yield browser, region[request.param]
    assert [] == browser.get_log("browser")
    assert [] == browser.execute_script(
        "return performance.getEntriesByType('resource').map((one) => one.name)"
    )


def behind(browser):
    """The rows of classes and teachers, and the findings, on the screen."""
    rows = browser.execute_script(
        "return [...document.querySelectorAll('#behind tbody th')].map((one) => one.textContent)"
    )
    kinds = browser.execute_script(
        "return [...document.querySelectorAll('#behind .kind')].map((one) => one.textContent)"
    )
    return rows, kinds


def test_a_school_is_looked_at_closely_by_keyboard(opened):
    """Enter on a school goes there and shows its classes, teachers and findings; so does choosing it."""
    browser, report = opened
    shown = set()
    for place, button in enumerate(browser.find_elements(By.CSS_SELECTOR, "button[data-school]")):
        button.send_keys(Keys.ENTER)
        assert "closely" == browser.switch_to.active_element.get_attribute("id")
        school = report.data["schools"][place]
        assert (
            [row[0] for row in (*school["classes"], *school["teachers"])],
            [one[0] for one in school["findings"]],
        ) == behind(browser)
        shown.add(Select(browser.find_element(By.NAME, "school")).first_selected_option.text)
    assert {one.name for one in report.schools} == shown
    Select(browser.find_element(By.NAME, "school")).select_by_index(0)
    assert [one[0] for one in report.data["schools"][0]["findings"]] == behind(browser)[1]


def test_schools_are_sorted_by_any_column(opened):
    """By entries up and down; a school stays what its button opens."""
    browser, report = opened
    head = browser.find_element(By.CSS_SELECTOR, "#by-school ~ .wide th:nth-child(3) button")
    column = """return [...document.querySelectorAll('#by-school ~ .wide tbody tr')]
        .map((row) => Number(row.cells[2].dataset.value))"""
    entries = sorted(one.tally.entries for one in report.schools)
    for wanted in (entries, entries[::-1]):
        head.send_keys(Keys.ENTER)
        assert wanted == browser.execute_script(column)
    browser.find_element(By.CSS_SELECTOR, "button[data-school]").send_keys(Keys.ENTER)
    first = browser.find_element(By.CSS_SELECTOR, "button[data-school]").text
    assert first == Select(browser.find_element(By.NAME, "school")).first_selected_option.text


def test_everything_is_named_stands_out_and_fits_a_phone(opened):
    """Contrast is 4.5 to 1 at least, each control has a name, and nothing is wider than a phone."""
    browser, _ = opened
    assert [] == [one for one in browser.execute_script(CONTRASTS) if one[0] < 4.5]
    assert [] == browser.execute_script(NAMELESS)
    size(browser, 360, 740, mobile=True)
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= 360
