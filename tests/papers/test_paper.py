"""Papers as data: canonical bytes, digests, what may be printed."""

from __future__ import annotations

import unicodedata

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.ledger.bytes import decode
from edujournal.papers.paper import Paper, PaperColumn, Table, printable
from tests.papers.conftest import Kept


@given(st.text())
def test_printable_is_idempotent_and_can_be_written_as_canonical_bytes(text):
    """Any text becomes one that is in normal form C and has no letter that is none."""
    found = printable(text)

    assert found == printable(found)
    assert unicodedata.is_normalized("NFC", found)
    assert not {unicodedata.category(one) for one in found if one != "\n"} & {"Cc", "Cs"}


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cf"])))
def test_printable_changes_nothing_but_the_normal_form_of_a_text(text):
    """Letters, marks and signs stay what they are."""
    assert unicodedata.normalize("NFC", text) == printable(text)


def test_the_content_is_canonical_and_the_digest_is_of_all_that_is_said(kept):
    """Every field that a reader sees is in the digest."""
    paper = kept(10).page("ru")
    again = Kept(10).page("ru")

    assert decode(bytes(paper)) == paper.content()
    assert paper.digest == again.digest
    changed = (
        evolve(paper, title="x"),
        evolve(paper, heading="x"),
        evolve(paper, facts=(("a", "b"),)),
        evolve(paper, parts=paper.parts[1:]),
        evolve(paper, signatories=()),
        evolve(paper, basis=()),
        evolve(paper, of="7A/geo/2026"),
        evolve(paper, at=paper.at + 1),
    )
    assert len(changed) + 1 == len({paper.digest, *(one.digest for one in changed)})


def test_what_was_recorded_later_changes_the_digest():
    """A paper names the last entry that it was made from."""
    kept = Kept(10)
    before = kept.page("ru")
    kept.write(ej.Topic(lesson="a0901", topic="Другая тема"))
    after = kept.page("ru")

    assert before.digest != after.digest
    assert before.basis[0].number + 1 == after.basis[0].number


def test_pupils_are_in_the_order_of_the_alphabet_with_yo_in_its_place(kept):
    """Ё stands after Е, before Ж, wherever a table of characters has it."""
    table = kept(35).page("ru").parts[0]
    assert isinstance(table, Table)
    first = list(dict.fromkeys(row[1][0] for row in table.rows))

    assert ["А", "Б", "Ё", "Ж", "Ц", "Щ", "Ю"] == first


def test_a_page_says_who_signs_and_who_is_accountable(kept):
    """The teacher signs, the head answers (clauses 1.2 and 1.3)."""
    paper = kept(10).page("en")

    assert "Иванова Мария Петровна" == paper.signatories[0].name
    assert ("Head", "Акимова Татьяна Павловна") == (
        paper.accountable.office, paper.accountable.name,
    )  # fmt: skip


def test_a_row_that_does_not_fit_its_table_is_refused():
    """A table is held to its columns where it is made."""
    with pytest.raises(ej.BadInput, match="does not fit"):
        Table(columns=(PaperColumn(head="a"),), rows=(("b", "c"),))


def test_there_are_two_sizes_of_paper(kept):
    """Another size is refused with those that there are."""
    with pytest.raises(ej.BadInput, match="A4 or A3"):
        evolve(kept(10).page("ru"), size="A5")


def test_a_period_that_the_sheet_has_not_is_named(kept):
    """Misuse is answered with what there is."""
    with pytest.raises(ej.Unknown, match="q9"):
        kept(10).sheet("ru", periods=("q9",))


def test_both_languages_say_the_same_of_the_same_books(kept):
    """Languages differ in words; books, cells and shape are the same."""
    russian, english = kept(10).sheet("ru"), kept(10).sheet("en")

    assert russian.basis == english.basis
    assert isinstance(russian.parts[0], Table)
    assert isinstance(english.parts[0], Table)
    assert russian.parts[0].rows == english.parts[0].rows
    assert isinstance(russian, Paper)
    assert russian.title != english.title
