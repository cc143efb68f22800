"""Files as bytes: encodings, line ends, quotes, headers, limits; what is unknown is kept."""

from __future__ import annotations

import pytest

import edujournal as ej
from edujournal.adapters.exchange.csvset import Limits, read_set

HEAD = b"kind,id,name\n"
ROW = b"account,t-2,Deputy\n"


def read(files, content):
    """The set with this content of names.csv."""
    files.write("names.csv", content)
    return read_set(files.folder, Limits(row=600, file=20_000))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"\xef\xbb\xbf" + HEAD + ROW, "Deputy", id="a byte order mark"),
        pytest.param((HEAD + ROW).replace(b"\n", b"\r\n"), "Deputy", id="CR LF"),
        pytest.param((HEAD + ROW).replace(b",", b";"), "Deputy", id="semicolons"),
        pytest.param((HEAD + ROW).rstrip(), "Deputy", id="no end of the last line"),
        pytest.param(HEAD + b"\n,,\n" + ROW, "Deputy", id="empty rows"),
        pytest.param(b"name,kind,id\nDeputy,account,t-2\n", "Deputy", id="another order"),
        pytest.param(HEAD + b'account, t-2 ," Mrs ""D"", \n7A "\n', ' Mrs "D", \n7A ', id="quotes"),
        pytest.param(HEAD + "account,t-2,\u0438\u0306\n".encode(), "\u0439", id="letters in two"),
        pytest.param(HEAD, None, id="no rows"),
    ],
)
def test_forms_that_say_the_same(files, content, name):
    """A spreadsheet's ways of saving are read alike; only a typed text keeps its blanks."""
    assert name == read(files, content).school.names.get(("account", "t-2"))


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        pytest.param((HEAD + ROW).decode().encode("utf-16"), "", "not UTF-8", id="UTF-16"),
        pytest.param(HEAD + "account,t-2,Я\n".encode("cp1251"), ":2", "not UTF-8", id="cp1251"),
        pytest.param("kind,id,имя\n".encode("cp1251"), ":1", "not UTF-8", id="cp1251 header"),
        pytest.param(HEAD + b"account,t-2,a\0b\n", ":2", "a NUL byte", id="NUL"),
        pytest.param(b"\0" + HEAD, ":1", "a NUL byte", id="NUL in the header"),
        pytest.param(
            (HEAD + ROW).replace(b"\n", b"\r"), ":1", "a carriage return by itself", id="CR"
        ),
        pytest.param(HEAD + b"account,t-2,a\rb\n", ":2", "a carriage return by itself", id="a CR"),
        pytest.param(HEAD + b'account,t-2,"x\n' + ROW, ":2", "a quote that is not closed", id="'"),
        pytest.param(HEAD + b'account,t-2,"x"y\n', ":2", "not CSV", id="after a quote"),
        pytest.param(
            HEAD + b'account,t-2,"' + b"x" * 700, ":2", "a row without an end", id="long row"
        ),
        pytest.param(b"x" * 700, ":1", "a row without an end", id="long header"),
        pytest.param(HEAD + ROW * 2_000, "", "a file too large", id="large"),
        pytest.param(b"", "", "an empty file", id="empty"),
        pytest.param(b"foo,bar\n", ":1", "no known column", id="other columns"),
        pytest.param(b"kind\tid\tname\n", ":1", "no known column", id="tabs"),
        pytest.param(b'"kind,id,name\n', ":1", "no known column", id="quote in the header"),
        pytest.param(b"kind,id;name\n", ":1", "both ',' and ';' part the columns", id=", and ;"),
        pytest.param(
            b"kind,id,name,name\n", ":1", "column 'name' is given 2 times", id="a column twice"
        ),
        pytest.param(b"kind,id,name,\n", ":1", "a column without a name", id="no name"),
        pytest.param(b"kind,id\n", ":1", "column 'name' is missing", id="a missing column"),
        pytest.param(
            HEAD + b"account,t-2\n", ":2", "a row of another width than the header", id="narrow"
        ),
        pytest.param(
            HEAD + b"account,t-2,x,y\n", ":2", "a row of another width than the header", id="wide"
        ),
    ],
)
def test_what_cannot_be_a_file_of_the_set(files, content, where, what):
    """The one fault is told, with the file and the line, and how to mend it where that is not plain."""
    with pytest.raises(ej.BadFile) as caught:
        read(files, content)

    assert [(f"names.csv{where}", what)] == [(one.where, one.what) for one in caught.value.problems]


def test_a_row_after_a_bad_one_is_read(files):
    """One unreadable row does not hide the faults of those that follow."""
    with pytest.raises(ej.BadFile) as caught:
        read(files, HEAD + b'account,t-2,"x"y\npupl,p-1,x\n\xff\nacount,t-1,x\n')

    assert [
        "names.csv:2",
        "names.csv:3:kind",
        "names.csv:4",
        "names.csv:4",
        "names.csv:5:kind",
    ] == [problem.where for problem in caught.value.problems]


def test_a_misspelt_column_is_no_unknown_one(files):
    """A column that is nearly one of the set's must not be kept aside in silence."""
    files.write("groups.csv", files.text("groups.csv").replace("parents", "parent", 1))
    with pytest.raises(ej.BadFile) as caught:
        read_set(files.folder)

    assert [
        (
            "an unknown column that looks like a known one, expected 'parents', found 'parent' "
            "@ groups.csv:1. Rename it; if it is meant, call it 'x_parent'."
        )
    ] == [str(problem) for problem in caught.value.problems]


def test_unknown_columns_are_kept_and_counted(files):
    """What the set has no name for is reported with its cells; it is not lost, and does no harm."""
    files.write("names.csv", b"kind,id,colour,name,x_nam\naccount,t-2,red,Deputy,\n,,green,,\n")
    with pytest.raises(ej.BadFile) as caught:
        read_set(files.folder)
    # A row that says nothing known is a row all the same.
    assert {"names.csv:3:kind", "names.csv:3:id", "names.csv:3:name"} == {
        problem.where for problem in caught.value.problems
    }

    files.write("names.csv", b"kind,id,colour,name,x_nam\naccount,t-2,red,Deputy,\ngroup,7B,,B,\n")
    found = read_set(files.folder)
    assert {"names.csv": {"colour": 1}} == found.extra
    assert [("names.csv", 2, {"colour": "red"})] == list(found.extra_cells())


def test_files_that_do_not_belong_there_and_files_that_lack(files, tmp_path):
    """A misnamed file is told with the name that was meant, not passed over."""
    files.write("entry.csv", b"")
    files.write("README.txt", b"")
    for name in ("people.csv", "calendar.csv"):
        (files.folder / name).unlink()
    with pytest.raises(ej.BadFile) as caught:
        read_set(files.folder)

    assert [
        ("entry.csv", "an unknown file", "Did you mean 'entries.csv'?"),
        ("calendar.csv", "a file that is missing", ""),
        ("people.csv", "a file that is missing", ""),
    ] == [(one.where, one.what, one.mend) for one in caught.value.problems]
    with pytest.raises(ej.BadFile, match="no such folder"):
        read_set(tmp_path / "nowhere")


def test_digest_is_of_the_files_and_of_nothing_else(files):
    """Equal sets have equal digests, wherever they lie; one byte makes another set."""
    before = read_set(files.folder).digest
    files.write("notes.txt", b"")
    assert before == read_set(files.folder).digest

    files.change("names.csv", "Завуч", "завуч")
    assert before != read_set(files.folder).digest
