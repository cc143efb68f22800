"""A report in a browser: it opens, filters, sorts, drills down by keyboard, prints, fits a phone."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest

pytest.importorskip("selenium")

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

LANGUAGES = "ru", "en"

#: Ratio of contrast of every element with text of its own, against what lies behind it.
CONTRASTS = """
const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
  .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
  .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
const behind = (one) => {
  for (; one; one = one.parentElement) {
    const found = numbers(getComputedStyle(one).backgroundColor);
    if (found.length < 4 || found[3] > 0) return found;
  }
  return [255, 255, 255];
};
return [...document.body.querySelectorAll("*")].filter((one) =>
  one.checkVisibility() && !one.closest("svg, script, style") && [...one.childNodes].some(
    (node) => node.nodeType === 3 && node.textContent.trim()))
  .map((one) => {
    const a = light(numbers(getComputedStyle(one).color)), b = light(behind(one));
    return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), one.outerHTML.slice(0, 120)];
  });
"""

#: What a screen reader would have no name for.
NAMELESS = """
const named = (one) => one.getAttribute("aria-label") || one.labels?.length || one.textContent.trim()
  || document.getElementById(one.getAttribute("aria-labelledby") || "-")?.textContent.trim();
return [...document.querySelectorAll(
  "button, input, select, summary, a, section, form, svg, [role=region], [role=img]")]
  .filter((one) => !named(one)).map((one) => one.outerHTML.slice(0, 120));
"""


@pytest.fixture(params=LANGUAGES)
def opened(request, browser, pages, tmp_path):
    """A page in the browser, of a desk's size; nothing may stand in the console at the end."""
    size(browser, 1280, 900)
    file = tmp_path / "report.html"
    file.write_text(pages[request.param], "utf-8")
    browser.get(file.as_uri())
    assert "yes" == browser.execute_script("return document.documentElement.dataset.ready")
    yield browser
    assert [] == browser.get_log("browser")
    assert [] == browser.execute_script(
        "return performance.getEntriesByType('resource').map((one) => one.name)"
    )


def size(browser, width, height, *, mobile=False):
    """Give the page so much room."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile},
    )


def shown(browser):
    """The findings on the screen, by their first lines."""
    return browser.execute_script(
        "return [...document.querySelectorAll('#found .kind')].map((one) => one.textContent)"
    )


def test_findings_are_chosen(opened):
    """By clause, by words, and all again."""
    every = shown(opened)
    Select(opened.find_element(By.NAME, "clause")).select_by_index(1)
    first = opened.execute_script("return document.forms[0].clause.selectedOptions[0].textContent")
    number = first.split(" – ")[0]
    some = shown(opened)
    assert 0 < len(some) <= len(every)
    assert {number} == {one.split(" · ")[0] for one in some}

    opened.find_element(By.CSS_SELECTOR, "#choose button[type=reset]").send_keys(Keys.ENTER)
    opened.find_element(By.NAME, "search").send_keys("taken")
    places = opened.find_elements(By.CSS_SELECTOR, "#found .place")
    assert places
    assert all("document.title='taken'" in one.text for one in places)
    assert "taken" != opened.title


def test_a_table_is_sorted_by_its_heads(opened):
    """Numbers by their worth, up and then down, and a reader of the screen is told."""
    head = opened.find_element(By.CSS_SELECTOR, "#by-teacher ~ .wide th:nth-child(4) button")
    column = """return [...document.querySelectorAll('#by-teacher ~ .wide tbody tr')]
        .map((row) => Number(row.cells[3].dataset.value))"""
    head.send_keys(Keys.ENTER)
    up = opened.execute_script(column)
    head.send_keys(Keys.SPACE)
    down = opened.execute_script(column)

    assert sorted(up) == up
    assert sorted(down, reverse=True) == down
    assert up != down
    assert "descending" == opened.execute_script(
        "return arguments[0].closest('th').getAttribute('aria-sort')", head
    )


@pytest.mark.parametrize("place", ["table.heat button", "#by-clause ~ .wide td button"])
def test_a_number_leads_to_its_findings_by_keyboard(opened, place):
    """Enter on a sum shows its findings and goes there; Enter on a finding opens its explanation."""
    button = opened.find_element(By.CSS_SELECTOR, place)
    picked = button.get_attribute("data-pick")
    button.send_keys(Keys.ENTER)
    assert "findings" == opened.switch_to.active_element.get_attribute("id")
    outcome = Select(opened.find_element(By.NAME, "outcome")).first_selected_option.text
    found = shown(opened)
    assert found
    assert "outcome" not in picked or {f"({outcome})"} == {one[one.rindex("(") :] for one in found}
    name = picked.split("=")[0]
    assert "" != Select(opened.find_element(By.NAME, name)).first_selected_option.get_attribute(
        "value"
    )

    summary = opened.find_element(By.CSS_SELECTOR, "#found summary")
    summary.send_keys(Keys.ENTER)
    told = opened.find_element(By.CSS_SELECTOR, "#found details[open] dl")
    assert 3 <= len(told.find_elements(By.TAG_NAME, "dt"))
    assert told.is_displayed()


def test_everything_is_named_and_stands_out(opened):
    """Contrast is 4.5 to 1 at least, each control has a name, headings and tables have their order."""
    ratios = opened.execute_script(CONTRASTS)
    assert 200 < len(ratios)
    assert [] == [one for one in ratios if one[0] < 4.5]
    assert [] == opened.execute_script(NAMELESS)
    levels = opened.execute_script(
        "return [...document.querySelectorAll('h1,h2,h3')].map((one) => Number(one.tagName[1]))"
    )
    assert 1 == levels[0]
    assert 1 == levels.count(1)
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert [] == opened.execute_script(
        "return [...document.querySelectorAll('th:not([scope])')].map((one) => one.outerHTML)"
    )
    ids = opened.execute_script(
        "return [...document.querySelectorAll('[id]')].map((one) => one.id)"
    )
    assert len(ids) == len(set(ids))


def test_each_picture_has_its_numbers_as_a_table(opened):
    """Who does not see a chart reads its values."""
    counted = opened.execute_script(
        "return [...document.querySelectorAll('figure')].map((one) =>"
        " [one.querySelector('svg').getAttribute('aria-label'),"
        "  one.nextElementSibling.querySelectorAll('tbody tr').length])"
    )
    assert 2 == len(counted)
    assert all(label and 0 < rows for label, rows in counted)


def test_a_phone_scrolls_one_way(opened):
    """The page is no wider than the screen; wide tables scroll in themselves."""
    size(opened, 375, 700, mobile=True)
    assert 375 == opened.execute_script("return document.documentElement.scrollWidth")


def test_it_goes_to_paper(opened):
    """It prints as PDF, without the form."""
    printed = opened.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
    )
    assert base64.b64decode(printed["data"]).startswith(b"%PDF-")
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not opened.find_element(By.ID, "choose").is_displayed()
        assert opened.find_element(By.CSS_SELECTOR, "table.heat").is_displayed()
    finally:
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
