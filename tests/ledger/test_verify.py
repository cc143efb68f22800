"""Verification names every damage of every book, and what it was able to prove."""

from __future__ import annotations

import pytest
from attrs import evolve

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import StoreDamaged
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import Damage, entry_hash
from edujournal.ledger.commitments import seal_texts
from edujournal.ledger.index import index_of
from edujournal.ledger.records import ZERO_HASH, Head, Record
from edujournal.ledger.verify import MOST_LISTED, verify, verify_book, verify_books
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records

#: Where erasures of the book stand.
SCHOOL_BOOK = "school/2026"
ZERO = Head()


class Shown:
    """A store that shows what a test puts into it."""

    def __init__(self, books, heads=None):
        self._books = books
        self._heads = heads or {}

    def books(self, school):
        """Every book with its head."""
        for book, records in self._books.items():
            good = [record for record in records if not isinstance(record, Exception)]
            yield book, self._heads.get(book, head_of(good))

    def read(self, school, book, after=0):
        """Records, and errors where a test put them."""
        for record in self._books.get(book, ()):
            if isinstance(record, Exception):
                raise record
            yield record


def found(books, known=None, heads=None):
    """Damages as (book, number, what), and the assurance."""
    report = verify(Shown(books, heads), SCHOOL, known)
    return [(d.book, d.number, d.what) for d in report.damages], report.assurance


@pytest.fixture(scope="module")
def book():
    """Six records, three of them with a text."""
    return [
        *make_records(Head(), 3),
        *make_records(head_of(make_records(Head(), 3)), 3, text="Хорошо"),
    ]


def test_a_school_that_nobody_touched_is_whole(book):
    """No damages, and the assurance that the store's own heads were met."""
    store = MemoryStore()
    store.append(SCHOOL, BOOK, book, 0)
    store.append(SCHOOL, "class/7A/2026", [make_record(book="class/7A/2026")], 0)
    report = verify(store, SCHOOL, {BOOK: [head_of(book)]})

    assert ("L1", 7, []) == (report.assurance, report.records, list(report.damages))
    assert "school-1: 2 books, 7 records, 0 damages, assurance L1" == str(report)
    assert [head_of([make_record(book="class/7A/2026")]), head_of(book)] == [
        each.head for each in report.books
    ]


def test_books_come_one_by_one(book):
    """Progress can be shown: a report is there before the next book is read."""
    reports = verify_books(Shown({"a": [], "b": [RuntimeError("not yet")]}), SCHOOL)

    assert "a" == next(reports).book
    with pytest.raises(RuntimeError):
        next(reports)


def test_a_book_without_its_end_is_consistent_in_itself_only(book):
    """A cut tail leaves L0: the chain is whole, the head was not met."""
    assert ([(BOOK, 4, "head")], "L0") == found({BOOK: book[:4]}, heads={BOOK: head_of(book)})


def test_a_receipt_that_is_not_met_leaves_the_same_assurance(book):
    """A store put back to an older copy is whole in itself; a receipt tells."""
    assert ([], "L1") == found({BOOK: book[:4]})
    assert ([(BOOK, 4, "receipt")], "L0") == found({BOOK: book[:4]}, {BOOK: [head_of(book)]})


def test_a_receipt_of_a_book_that_is_gone_is_not_met(book):
    """A whole book that vanished is found by any head of it."""
    assert ([(BOOK, 0, "receipt")], "L0") == found({}, {BOOK: [head_of(book)]})


def test_an_edit_leaves_no_assurance(book):
    """A book with an edited record proves nothing; the other books are still read."""
    edited = evolve(book[1], body=book[1].body.replace(b'"5"', b'"4"'))

    assert ([(BOOK, 2, "hash")], None) == found({BOOK: [book[0], edited, *book[2:]], "b": []})


def rechained(records, number, **changes):
    """*records* with the body of one changed, and every hash made anew from there."""
    made, previous = [], ZERO_HASH
    for record in records:
        body = record.body
        if record.number == number:
            body = encode({**decode(body), **changes})
        previous = entry_hash(previous, body)
        made.append(evolve(record, body=body, hash=previous))
    return made


@pytest.mark.parametrize(
    "change", [{"school": "school-2"}, {"book": "journal/7B/alg/2026"}, {"n": 3}, {"n": "2"}]
)
def test_a_record_from_elsewhere_is_found_though_every_hash_fits(book, change):
    """Splicing a record in and hashing the book anew is found: the place is inside the body."""
    assert ([(BOOK, 2, "body")], None) == found({BOOK: rechained(book, 2, **change)})


def test_true_is_no_number(book):
    """Python takes True for 1; a record that says so of its number does not say where it stands."""
    assert ([(BOOK, 1, "body")], None) == found({BOOK: rechained(book, 1, n=True)})


def test_a_body_that_is_not_canonical_is_found_though_every_hash_fits(book):
    """Another spelling of the same body, hashed anew, is not what this library writes."""
    body = book[5].body.replace(b'{"about"', b'{ "about"')
    spelt = evolve(book[5], body=body, hash=entry_hash(book[4].hash, body))

    assert ([(BOOK, 6, "body")], None) == found({BOOK: [*book[:5], spelt]})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "roll"),
        ("about", "lesson:other"),
        ("pupil", None),
        ("account", "t-petrova"),
        ("role", "head"),
        ("key", "k"),
        ("item", 1),
        ("recorded", 5),
        ("lo", None),
        ("hi", 5),
        ("target", 1),
    ],
)
def test_an_edited_index_is_found_field_by_field(book, name, value):
    """What a store tabulates has to be what the body says."""
    edited = evolve(book[2], index=evolve(book[2].index, **{name: value}))
    books = {BOOK: [*book[:2], edited, *book[3:]]}
    (damage,) = verify(Shown(books), SCHOOL).damages

    expected = f"{name} {getattr(book[2].index, name)!r}"
    assert Damage(BOOK, 3, "index", expected, f"{name} {value!r}") == damage


def test_an_exchanged_text_is_found(book):
    """The private part of one record does not fit another, nor a record without texts."""
    _, other = seal_texts({"comment": "Плохо"}, [bytes(16)])
    changed = [*book[:2], evolve(book[2], private=other), evolve(book[3], private=other), *book[4:]]

    assert ([(BOOK, 3, "texts"), (BOOK, 4, "texts")], None) == found({BOOK: changed})


def _erasure(*numbers, book=BOOK, head=ZERO):
    """An act of the school book that erases *numbers* of *book*."""
    made = make_record(head, book=SCHOOL_BOOK)
    body = decode(made.body)
    body["kind"], body["values"] = "erasure", {"records": [{"book": book, "n": n} for n in numbers]}
    data = encode(body)
    return Record(SCHOOL_BOOK, made.number, entry_hash(head.hash, data), data, None, index_of(data))


def test_ciphered_texts_without_commitments_are_found(book):
    """What the body does not speak of has no place beside it, under a key or not."""
    ciphered = b'{"ciphered":{"alg":"x","data":"y","key":"z"}}'
    bare = [evolve(make_record(), private=ciphered)]
    assert ([(BOOK, 1, "texts")], None) == found({BOOK: bare})


def test_erased_texts_are_counted_and_leave_the_chain_whole(book):
    """A text that is gone by an act of the school book is no damage, and is counted."""
    erased = [*book[:4], evolve(book[4], private=None), book[5]]
    report = verify(Shown({BOOK: erased, SCHOOL_BOOK: [_erasure(5)]}), SCHOOL)

    assert ("L1", [1, 0]) == (report.assurance, [each.erased for each in report.books])
    assert "L1" == verify_book(Shown({BOOK: erased, SCHOOL_BOOK: [_erasure(5)]}), SCHOOL, BOOK,
                               head_of(book)).assurance  # fmt: skip


def test_a_text_that_is_gone_without_an_act_is_found_at_its_record(book):
    """The whole private part, or one name of it: without an erasure on record it is damage."""
    empty = evolve(book[4], private=b"{}")
    for gone in (evolve(book[4], private=None), empty):
        erased = [*book[:4], gone, book[5]]
        for acts in ([], [_erasure(4)], [_erasure(5, book="class/7A/2026")]):
            expected = [(BOOK, 5, "lost")]
            if acts and acts[0].body.count(b'"n":4'):
                expected.insert(0, (BOOK, 4, "unerased"))
            assert (expected, None) == found({BOOK: erased, SCHOOL_BOOK: acts})


def test_a_text_that_an_act_names_and_that_is_there_is_found(book):
    """An erasure that was not carried out is told, until it is."""
    assert ([(BOOK, 6, "unerased")], None) == found({BOOK: book, SCHOOL_BOOK: [_erasure(6)]})
    assert ([], "L1") == found({BOOK: book, SCHOOL_BOOK: [_erasure(1)]})


def test_an_erasure_that_cannot_be_read_excuses_nothing(book):
    """An edited or cut school book is damage of its own, and the missing text is another."""
    erased = [*book[:4], evolve(book[4], private=None), book[5]]
    edited = evolve(_erasure(5), body=_erasure(5).body.replace(b'"n":5', b'"m":5'))
    broken = StoreDamaged("a malformed line", where="log.jsonl, byte 12")

    assert [(BOOK, 5, "lost"), (SCHOOL_BOOK, 1, "hash")] == found(
        {BOOK: erased, SCHOOL_BOOK: [edited]}
    )[0]
    assert [(BOOK, 5, "lost"), (SCHOOL_BOOK, 1, "unreadable")] == found(
        {BOOK: erased, SCHOOL_BOOK: [broken]}
    )[0]
    assert [(SCHOOL_BOOK, 2, "unreadable")] == found(
        {BOOK: erased, SCHOOL_BOOK: [_erasure(5), broken]}
    )[0]


def test_a_book_that_cannot_be_read_is_told_and_the_others_go_on(book):
    """Damage that the store itself meets is located; nothing is said of the end behind it."""
    broken = StoreDamaged("a malformed line", where="log.jsonl, byte 12")

    assert ([("a", 3, "unreadable")], None) == found({"a": [*_renamed(book[:2]), broken], "b": []})


def _renamed(records):
    """The same number of records in book ``a``."""
    return make_records(Head(), len(records), book="a")


def test_a_list_of_books_that_breaks_off_is_told(book):
    """Books that the store can list are verified; what it cannot list is damage."""

    class HalfListed(Shown):
        """Lists one book, then finds a broken one."""

        def books(self, school):
            """A generator that fails."""
            yield from super().books(school)
            raise StoreDamaged("neither slot of the head can be read", where="school-1/b/head")

    report = verify(HalfListed({BOOK: book}), SCHOOL)

    assert ["L1", None] == [each.assurance for each in report.books]
    assert ["school-1/b/head"] == [damage.book for damage in report.damages]


def test_a_ruined_book_is_counted_and_not_kept_in_memory():
    """Of more damages than anybody reads only so many are listed; all are counted."""
    records = make_records(Head(), MOST_LISTED + 50)
    ruined = [evolve(record, hash="00" * 32) for record in records]
    (report,) = verify(Shown({BOOK: ruined}), SCHOOL).books

    assert (MOST_LISTED, MOST_LISTED + 50) == (len(report.damages), report.damaged)
    assert report.assurance is None
