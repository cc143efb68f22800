"""``edujournal report``: the tour's school, told to its head."""

from __future__ import annotations

import json

from edujournal.cli import main
from edujournal.rules.verdicts import REPORTED

AT = "2026-11-02T09:00:00+03:00"


def test_a_report_is_written_with_every_finding_beside_it(store, tmp_path, capsys):
    """The answer counts what is in the file; the list beside has what the file does not keep."""
    out, beside = tmp_path / "report.html", tmp_path / "all.jsonl"
    words = ["report", "--out", str(out), "--findings", str(beside), "--keep", "1", "--at", AT]
    code = main([*words, "--lang", "ru", "--store", store, "--json"])
    (told,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert 0 == code
    assert out.stat().st_size == told["bytes"]
    page = out.read_text("utf-8")
    assert f"Находок в этом файле: {told['kept']} из {told['findings']}" in page
    assert "Отвечает: Директор" in page
    outcomes = [json.loads(line)["outcome"] for line in beside.read_text("utf-8").splitlines()]
    assert told["findings"] == sum(one in REPORTED for one in outcomes) > told["kept"]
    assert "met" in outcomes


def test_what_cannot_be_written_is_misuse(store, tmp_path, capsys):
    """The ending tells the form, and the folder has to be there."""
    assert 2 == main(["report", "--out", str(tmp_path / "report.pdf"), "--store", store])
    assert "NAME.html" in capsys.readouterr().err
    missing = tmp_path / "none" / "all.jsonl"
    words = ["report", "--out", str(tmp_path / "r.html"), "--findings", str(missing)]
    assert 2 == main([*words, "--store", store])
    assert "cannot be written" in capsys.readouterr().err
