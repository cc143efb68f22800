"""Seals at the shell: from a key to a proof that is checked without the store."""

from __future__ import annotations

import json
import os
import sqlite3

import pytest

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.cli import main
from edujournal.errors import StoreError

NAME = "school26.example"


@pytest.fixture
def place(copied, tmp_path):
    """A copy of the tour's store, and a folder for all that is kept elsewhere."""
    return f"sqlite:///{copied}", tmp_path


def run(capsys, *arguments):
    """Exit code, and the JSON lines that were printed."""
    code = main([*map(str, arguments), "--json"])
    lines = capsys.readouterr().out.splitlines()
    return code, [json.loads(line) for line in lines if line.startswith("{")]


def key_of(capsys, folder, name, *options):
    """Make a key; give its public half."""
    code, (made,) = run(capsys, "key", name, folder / f"{name}.pem", *options)
    assert code == 0
    return made["public"]


def test_seal_witness_verify_prove_and_check(capsys, place):
    """The whole way, each step with its answer; the level grows with the evidence."""
    store, folder = place
    checkpoints, memory = folder / "checkpoints", folder / "memory"
    public = key_of(capsys, folder, NAME)
    witness = key_of(capsys, folder, "witness.example", "--witness")
    assert (folder / f"{NAME}.pem").stat().st_mode & 0o077 == 0
    sealing = (
        "seal", "--store", store, "--key", folder / f"{NAME}.pem", "--name", NAME,
        "--checkpoints", checkpoints, "--witness", witness, "--ask", folder / "asked",
    )  # fmt: skip
    code, rounds = run(capsys, *sealing)
    assert code == 0
    (done,) = rounds
    assert (done["year"], done["origin"].startswith(NAME)) == ("2026", True)
    # The tour has sealed its books already, by a key of its own.
    assert ([], True) == (done["sealed"], done["size"] > 5)

    verifying = ("verify", "--store", store, "--name", NAME)
    own = (*verifying, "--checkpoints", checkpoints, "--public", public)
    assert level(run(capsys, *verifying)) == (0, "L1", {"checkpoint", "witness"})
    assert level(run(capsys, *own)) == (0, "L2", {"witness"})

    (request,) = (folder / "asked").iterdir()
    cosigning = (
        "witness", request, "--key", folder / "witness.example.pem", "--name", "witness.example",
        "--memory", memory, "--public", public, "--checkpoints", checkpoints,
    )  # fmt: skip
    code, (seen,) = run(capsys, *cosigning)
    assert (code, seen["size"], seen["root"]) == (0, done["size"], done["root"])
    assert level(run(capsys, *own, "--public", witness)) == (0, "L3", set())
    anchor = f"2026:{done['size']}:{done['root']}"
    assert level(run(capsys, *verifying, "--anchor", anchor)) == (0, "L3", set())

    proof = folder / "proof.json"
    proving = ("prove", "7A/alg/2026", 2, "--store", store, "--name", NAME)
    code, (made,) = run(capsys, *proving, "--checkpoints", checkpoints, "--out", proof)
    assert code == 0
    file = folder / "public.txt"
    file.write_text(public + "\n")
    code, (shown,) = run(
        capsys, "check", proof, "--name", NAME, "--public", file, "--public", witness,
        "--receipt", made["hash"],
    )  # fmt: skip
    assert (code, shown["entry"], shown["hash"]) == (0, 2, made["hash"])
    assert shown["signed"] == [NAME, "witness.example"]
    checking = ["check", str(proof), "--name", NAME]
    assert main([*checking, "--public", public]) == 0
    assert main([*checking, "--public", public, "--receipt", "ab" * 32]) == 2
    assert main(checking) == 2
    assert main(["check", str(proof), "--public", public]) == 2


def level(answer):
    """Exit code, assurance of the year, and what lacked."""
    code, lines = answer
    (year,) = [one for one in lines if "lacks" in one]
    return code, year["assurance"], {lack["what"] for lack in year["lacks"]}


def test_a_store_put_back_is_damaged_by_its_checkpoint(capsys, place):
    """Seals that were signed and are gone: exit code 4, and the place."""
    store, folder = place
    public = key_of(capsys, folder, NAME)
    sealing = ("seal", "--store", store, "--key", folder / f"{NAME}.pem", "--name", NAME)
    assert run(capsys, *sealing, "--checkpoints", folder / "kept")[0] == 0
    base = sqlite3.connect(store.removeprefix("sqlite:///"))
    with base:
        for table in ("entries", "heads"):
            base.execute(f"DELETE FROM edujournal_{table} WHERE book LIKE 'seals/%'")
    base.close()
    own = ("verify", "--store", store, "--name", NAME, "--public", public)
    code, lines = run(capsys, *own, "--checkpoints", folder / "kept")
    assert code == 4
    (year,) = [one for one in lines if "lacks" in one]
    assert [one["what"] for one in year["damages"]] == ["checkpoint"]
    assert main([*own, "--checkpoints", str(folder / "kept"), "--lang", "ru"]) == 4
    assert "повреждено" in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_answer_is_there_for_people(capsys, place, lang):
    """In both languages: keys, rounds, proofs, levels, what lacks."""
    store, folder = place
    pem = str(folder / "a.pem")
    assert main(["key", NAME, pem, "--lang", lang]) == 0
    public = capsys.readouterr().out.strip()
    kept = ["--checkpoints", str(folder / "kept"), "--name", NAME, "--lang", lang]
    assert main(["seal", "--store", store, "--key", pem, *kept]) == 0
    assert main(["verify", "--store", store, "--public", public, *kept]) == 0
    assert "L2" in capsys.readouterr().out
    proof = str(folder / "proof")
    assert main(["prove", "school/2026", "1", "--store", store, "--out", proof, *kept]) == 0
    assert main(["check", proof, "--name", NAME, "--public", public, "--lang", lang]) == 0
    assert NAME in capsys.readouterr().out


def test_misuse_is_answered_and_nothing_is_overwritten(capsys, place, monkeypatch):
    """A key that is there, files that are not, a checkpoint from print that is none."""
    store, folder = place
    public = key_of(capsys, folder, NAME)
    pem = folder / f"{NAME}.pem"
    before = pem.read_bytes()
    assert main(["key", NAME, str(pem)]) == 2
    assert pem.read_bytes() == before
    assert main(["check", str(folder / "nothing"), "--public", public]) == 2
    for wrong in ("2026", "2026:x:" + "ab" * 32, "2026:1:ab", "2026:1:" + "zz" * 32):
        assert main(["verify", "--store", store, "--anchor", wrong]) == 2
    assert main(["verify", "--store", store, "--school", "nobody"]) == 2
    request = folder / "request"
    for bad in (b"", b"old x\n\nnote", b"old 1\n???\n\nnote", b"\xff\n\n"):
        request.write_bytes(bad)
        witnessing = ["witness", str(request), "--key", str(pem), "--name", "w"]
        more = ["--memory", str(folder / "m"), "--public", public, "--checkpoints", str(folder)]
        assert main([*witnessing, *more]) == 2
    monkeypatch.setenv("EDUJOURNAL_KEY_PASSWORD", "secret")
    sealing = ["seal", "--store", store, "--key", str(pem), "--checkpoints", str(folder / "c")]
    assert main(sealing) == 2
    out = ["--checkpoints", str(folder / "c"), "--out", str(folder / "p")]
    assert main(["prove", "7A/alg/2026", "1", "--store", store, *out]) == 2


@pytest.mark.parametrize("option", ["--witness", "--ask"])
def test_half_a_request_is_told_before_anything_is_sealed(capsys, place, option):
    """Neither a witness without a folder nor a folder without a witness; no checkpoint is made."""
    store, folder = place
    key_of(capsys, folder, NAME)
    value = folder / "asked" if option == "--ask" else "w.example+00000000+AAAA"
    sealing = ["seal", "--store", store, "--key", folder / f"{NAME}.pem", "--name", NAME]
    code, _ = run(capsys, *sealing, "--checkpoints", folder / "c", option, value)

    assert (code, (folder / "c").exists(), (folder / "asked").exists()) == (2, False, False)


def test_a_key_is_nobody_elses_from_its_first_byte_on(capsys, tmp_path, monkeypatch):
    """Whatever the umask lets through; what is there, and what a link leads to, is left alone."""
    made = []
    opening = os.open
    monkeypatch.setattr(os, "open", lambda path, flags, *mode: (
        made.append((str(path), flags & os.O_EXCL, *mode)), opening(path, flags, *mode)
    )[1])  # fmt: skip
    before = os.umask(0)
    try:
        key_of(capsys, tmp_path, NAME)
    finally:
        os.umask(before)
    path = tmp_path / f"{NAME}.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (str(path), os.O_EXCL, 0o600) in made
    content = path.read_bytes()
    link = tmp_path / "link.pem"
    link.symlink_to(tmp_path / "elsewhere.pem")
    for there in (path, link):
        assert main(["key", NAME, str(there)]) == 2
    assert content == path.read_bytes()
    assert not (tmp_path / "elsewhere.pem").exists()
    assert main(["key", NAME, str(tmp_path / "none" / "k.pem")]) == 2


def test_a_file_too_large_is_not_read_to_its_end(capsys, tmp_path):
    """Neither as a proof nor as a request nor as a public key."""
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(1 << 40)
    key_of(capsys, tmp_path, NAME)
    key = str(tmp_path / f"{NAME}.pem")
    for command in (
        ["check", str(large), "--name", NAME, "--public", "k"],
        ["witness", str(large), "--key", key, "--name", NAME, "--memory", str(tmp_path / "m"),
         "--public", "k", "--checkpoints", str(tmp_path / "c")],
        ["check", str(tmp_path / f"{NAME}.pem"), "--name", NAME, "--public", str(large)],
    ):  # fmt: skip
        assert main(command) == 2


def test_a_checkpoint_that_cannot_be_read_is_named(tmp_path):
    """With its path, as an error of the store."""
    kept = FolderCheckpoints(tmp_path)
    place = tmp_path / "log" / "000000000001-x.note"
    place.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"000000000001-x\.note"):
        list(kept.notes("log"))


def test_rounds_by_the_clock(capsys, place):
    """What is due and no more, however often; times without a zone, or a year, are refused."""
    store, folder = place
    key_of(capsys, folder, NAME)
    sealing = (
        "seal", "--store", store, "--key", folder / f"{NAME}.pem", "--name", NAME,
        "--checkpoints", folder / "kept",
    )  # fmt: skip
    for wrong in (["--daily", "18:00"], ["--zone", "UTC"], ["--every", "0"],
                  ["--daily", "18", "--zone", "UTC"], ["--every", "15", "--year", "2026"]):  # fmt: skip
        assert run(capsys, *sealing, *wrong)[0] == 2
    assert not (folder / "kept").exists()
    # The tour has sealed its books by a key of its own: what is left to do is to sign.
    daily = (
        "--daily",
        "00:00",
        "--daily",
        "12:00",
        "--zone",
        "Asia/Yekaterinburg",
        "--every",
        "15",
    )
    code, (done,) = run(capsys, *sealing, *daily)
    assert (code, done["year"], done["sealed"]) == (0, "2026", [])
    assert run(capsys, *sealing, *daily) == (0, [])
