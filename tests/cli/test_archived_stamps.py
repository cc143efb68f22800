"""Stamps of time in an archive, read at the shell by the roots of whoever gave them."""

from __future__ import annotations

import pytest

from edujournal.adapters.archives import write_archive
from edujournal.adapters.stampers.rfc3161 import Rfc3161Authority, Rfc3161Stamper
from edujournal.cli import main
from tests.archiving.archives import packed, relisted
from tests.ledger.authorities import Authority


@pytest.fixture
def roots(tmp_path):
    """Files with the root of the authority that stamped, and with that of another one."""
    for name in ("own", "strange"):
        (tmp_path / name).mkdir()
    return {name: Authority(tmp_path / name) for name in ("own", "strange")}


@pytest.fixture
def archive(roots, tmp_path):
    """An archive with a stamp over its last seal."""
    own, good = roots["own"], packed(tmp_path / "packed")
    note = next(content for name, content in good.items() if name.endswith(".note"))
    text = note.partition(b"\n\n")[0] + b"\n"
    with own.serving():
        token = Rfc3161Stamper(own.url, Rfc3161Authority([own.root])).stamp(text)
    size = text.split(b"\n")[1].decode()
    folder = tmp_path / "archive"
    write_archive(folder, relisted({**good, f"data/stamps/000001-{size}.tsr": token}).items())
    for name, one in roots.items():
        (tmp_path / f"{name}.pem").write_bytes(one.root)
    return folder


def test_a_stamp_is_read_with_the_root_that_is_named(archive, tmp_path, capsys):
    """By the authority's own root it tells since when; without one, that nobody was asked; else damage."""
    own, strange = (["--authority", str(tmp_path / f"{name}.pem")] for name in ("own", "strange"))
    command = ["verify-archive", str(archive), "--lang", "en"]

    assert 0 == main([*command, *own, *strange])
    assert "unchanged since 20" in capsys.readouterr().out
    assert 0 == main(command)
    told = capsys.readouterr().out
    assert "unchanged since" not in told
    assert "only the digest was checked: 1" in told
    assert 4 == main([*command, *strange])
    told = capsys.readouterr().out
    assert "stamp" in told
    assert "unchanged since" not in told


def test_a_root_that_is_none_is_misuse(archive, tmp_path, capsys):
    """No file, or a file without a certificate: said so, and nothing is judged."""
    for content, said in ((None, "cannot be read"), (b"no certificate", "certificate")):
        file = tmp_path / "root.pem"
        if content is not None:
            file.write_bytes(content)
        assert 2 == main(["verify-archive", str(archive), "--authority", str(file)])
        told = capsys.readouterr()
        assert said in told.err
        assert "" == told.out
