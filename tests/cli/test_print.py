"""``edujournal print``: papers of the tour's school, plain and certified."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from edujournal.cli import main
from tests.papers.test_signing import SECRET, key_of

SEALED = "--name", "school26.example"


@pytest.fixture
def run(store, capsys):
    """Prints something of the tour's school as a program asks for it; gives code, lines and errors."""

    def run(*words, where=store):
        code = main(["print", *words, "--store", where, "--json"])
        told = capsys.readouterr()
        return code, [json.loads(line) for line in told.out.splitlines()], told.err

    return run


def test_a_page_is_printed_and_its_digests_are_told(run, tmp_path):
    """The answer names the paper, and the digest of the file is that of the file."""
    out = tmp_path / "page.pdf"
    code, (told,), _ = run(
        "page", "7A/alg/2026", "--since", "2026-09-01", "--until", "2026-10-26", "--out", str(out)
    )

    assert 0 == code
    assert ("page", "7A/alg/2026", None) == (told["kind"], told["of"], told["root"])
    assert sha256(out.read_bytes()).hexdigest() == told["sha256"]
    assert out.read_bytes().startswith(b"%PDF-1.7")


def test_html_and_pdf_are_of_one_content(run, tmp_path):
    """The form of a paper does not change its digest; its language does."""
    found = [
        run("sheet", "7A", "--period", "q1", "--out", str(tmp_path / name), "--lang", lang)[1][0][
            "digest"
        ]
        for name, lang in (("a.html", "ru"), ("a.pdf", "ru"), ("b.html", "en"))
    ]

    assert found[0] == found[1] != found[2]
    assert "Баранова Вероника" in (tmp_path / "a.html").read_text("utf-8")


def test_a_paper_is_certified_by_the_last_checkpoint(run, copied, tmp_path, capsys):
    """What no seal covers is refused; after sealing the paper bears the log, and verify takes it."""
    where = f"sqlite:///{copied}"
    key, kept, out = tmp_path / "key.pem", tmp_path / "checkpoints", tmp_path / "sheet.html"
    kept.mkdir()
    given = ("sheet", "7A", "--out", str(out), "--checkpoints", str(kept), *SEALED)
    assert 0 == main(["key", "school26.example", str(key)])
    capsys.readouterr()

    code, _, error = run(*given, where=where)
    assert 2 == code
    assert "Seal first" in error
    assert not out.exists()

    assert 0 == main(
        ["seal", "--key", str(key), "--checkpoints", str(kept), *SEALED, "--store", where]
    )
    capsys.readouterr()
    code, (told,), _ = run(*given, where=where)
    assert 0 == code
    assert f"school26.example/{'s-26'}/2026" == told["origin"]
    assert told["root"] in out.read_text("utf-8")
    anchor = f"2026:{told['size']}:{told['root']}"
    assert 0 == main(["verify", "--anchor", anchor, *SEALED, "--store", where, "--json"])
    assert "L3" == json.loads(capsys.readouterr().out.splitlines()[-1])["assurance"]


def test_what_was_recorded_after_the_checkpoint_is_not_certified(run, copied, tmp_path, capsys):
    """A paper is never stamped with a log that does not have what it shows."""
    where = f"sqlite:///{copied}"
    key, kept, out = tmp_path / "key.pem", tmp_path / "checkpoints", tmp_path / "page.html"
    main(["key", "school26.example", str(key)])
    main(["seal", "--key", str(key), "--checkpoints", str(kept), *SEALED, "--store", where])
    said = ["record", "comment", "--lesson", "7A-alg-1021", "--pupil", "p-5", "--comment", "x"]
    assert main([*said, "--by", "t-ivanova", "--store", where]) == 0
    capsys.readouterr()

    code, _, error = run(
        "page", "7A/alg/2026", "--out", str(out), "--checkpoints", str(kept), *SEALED, where=where
    )

    assert 2 == code
    assert "no signed checkpoint covers" in error
    assert not out.exists()


def test_a_form_that_is_not_known_is_misuse(run, tmp_path):
    """The ending of the file tells the form."""
    code, _, error = run("sheet", "7A", "--out", str(tmp_path / "sheet.docx"))

    assert 2 == code
    assert "NAME.pdf" in error


@pytest.mark.parametrize("given", [("--to", "archive"), ("--signed-by", "head")])
def test_what_only_an_issued_copy_has_is_not_dropped(run, tmp_path, given):
    """Nobody believes a receiver or a signature registered that was not: nothing is written."""
    out = tmp_path / "page.pdf"
    code, _, told = run("page", "7A/alg/2026", "--out", str(out), *given)
    assert (2, True, False) == (code, "--issue" in told, out.exists())


def test_who_prints_is_in_the_access_log(run, copied, tmp_path, capsys):
    """With --by the print is a look at every pupil on the paper."""
    where = f"sqlite:///{copied}"
    code, _, _ = run(
        "sheet", "7A", "--out", str(tmp_path / "s.html"), "--by", "deputy", where=where
    )
    assert 0 == code
    assert 0 == main(["reads", "deputy", "--store", where, "--json"])

    (told,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ("paper", "sheet:7A/2026") == (told["view"], told["of"])
    assert 18 == len(told["pupils"])


def test_every_kind_of_paper_has_a_command(run, tmp_path):
    """Each writes its file and says what it is."""
    moment = ("--at", "2026-11-02T09:00:00+03:00")
    for kind, words in {
        "diary": ("p-5", "--week", "2026-09-15"),
        "class-book": ("7A",),
        "work-sheet": ("t-ivanova", "--since", "2026-09-14"),
        "extract": ("p-5", "--on", "2026-10-09"),
        "verification": ("7A", "--since", "2026-09-14", "--until", "2026-09-16"),
    }.items():
        out = tmp_path / f"{kind}.html"
        code, (told,), _ = run(kind, *words, *moment, "--out", str(out))
        assert (0, kind) == (code, told["kind"])
        assert told["digest"]
        assert out.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_an_issued_copy_is_listed_and_a_correction_names_it(run, copied, tmp_path, capsys):
    """The register tells who issued what and when; who corrects is told which copies it touches."""
    where = f"sqlite:///{copied}"
    out = str(tmp_path / "d.html")
    given = ("--week", "2026-09-17", "--out", out, "--issue", "diary-8", "--to", "семья")
    code, _, error = run("diary", "p-5", *given, where=where)
    assert 2 == code
    assert "--by" in error

    code, _, _ = run("diary", "p-5", *given, "--by", "t-petrova", where=where)
    assert 1 == code
    assert not (tmp_path / "d.html").exists()

    assert 0 == run("diary", "p-5", *given, "--by", "deputy", where=where)[0]
    code, (copy,), _ = run("issued", where=where)
    assert (0, "diary-8", 1, "deputy", "семья", []) == (
        code, copy["id"], copy["version"], copy["by"], copy["to"], copy["touched"],
    )  # fmt: skip

    main(
        [
            "page",
            "7A/lit/2026",
            "--since",
            "2026-09-17",
            "--until",
            "2026-09-18",
            "--store",
            where,
            "--json",
        ]
    )
    cells = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (entry,) = next(one["entries"] for one in cells if one["pupil"] == "p-5")
    change = ["record", "correction", "--journal", "7A/lit/2026", "--entry", str(entry)]
    main(
        [
            *change,
            "--values",
            "value=4",
            "--reason",
            "x",
            "--by",
            "t-petrova",
            "--store",
            where,
            "--json",
        ]
    )
    assert ["diary-8"] == json.loads(capsys.readouterr().out)["copies_touched"]

    code, (copy,), _ = run("issued", "--touched", where=where)
    assert (1, "correction", entry) == (
        code,
        copy["touched"][0]["what"],
        copy["touched"][0]["entry"],
    )
    assert 1 == main(["print", "issued", "--store", where, "--lang", "ru"])
    assert "исправлено записью" in capsys.readouterr().out


def test_a_paper_is_signed_by_a_key(run, tmp_path, monkeypatch):
    """The file that is told of is the signed one; HTML has no place for a signature."""
    key, out = tmp_path / "head.p12", tmp_path / "sheet.pdf"
    key.write_bytes(key_of("Акимова Татьяна"))
    monkeypatch.setenv("EDUJOURNAL_SIGN_PASSWORD", SECRET.decode())
    code, (told,), _ = run("sheet", "7A", "--period", "q1", "--out", str(out), "--sign", str(key))

    assert 0 == code
    assert sha256(out.read_bytes()).hexdigest() == told["sha256"]
    assert b"/ETSI.CAdES.detached" in out.read_bytes()
    code, _, error = run("sheet", "7A", "--out", str(tmp_path / "s.html"), "--sign", str(key))
    assert 2 == code
    assert "--sign" in error
