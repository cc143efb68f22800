"""Hostile files for every parser: ``python -m tests.trust.hostile FOLDER`` reads what lies there.

The folder holds one folder for each parser. What is read is told as JSON lines: the file, what became
of it, the processor's seconds. The process may take 64 MiB more than it has after its imports, and
every write it tries is told, too.
"""

# ruff: noqa: T201 - a program prints

from __future__ import annotations

import gc
import io
import json
import os
import re
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import edujournal as ej
from edujournal.adapters.exchange.csvset import plan_import, read_set
from edujournal.adapters.exchange.fet import load_fet
from edujournal.adapters.exchange.ical import read_ical
from edujournal.adapters.schools import load_plain
from edujournal.adapters.signers.ed25519 import Ed25519Signer
from edujournal.cli.drafts import from_json
from edujournal.cli.explaining import _from_finding
from edujournal.cli.verifying import public_keys
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.notes import parse_note
from edujournal.ledger.proofs import Proof, check_proof
from edujournal.ledger.requests import Request
from edujournal.notices.loading import load_subscriptions
from edujournal.plain_files import LARGEST_PAPER, bounded, read_plain
from edujournal.rules.loading import load
from edujournal.testing.casefile import load_cases

MIB = 1 << 20
MOST = 64 * MIB


def _stdin(path):
    with path.open("rb") as stream:
        return bounded(stream, "standard input")


def _paper(path):
    return read_plain(path, LARGEST_PAPER, ej.BadInput)


def _proof(path):
    proof = Proof.parse(_paper(path))
    check_proof(proof, public_keys([str(path.with_name("public.txt"))]), "school26.example")


def _note(path):
    note = parse_note(_paper(path))
    Checkpoint.parse(note.text)


def _set(path):
    read_set(path.parent)
    plan_import(path.parent, "ru-school26-2023")


def _calendar(path):
    year = {"since": date(2026, 9, 1), "until": date(2027, 9, 1)}
    return read_ical(read_plain(path), zone="Europe/Moscow", floating="Europe/Moscow", **year)


#: Parser → what its good file is called, and how the program that has it reads it.
PARSERS = {
    "regulation": ("r.toml", load),
    "school": ("s.toml", load_plain),
    "school-json": ("s.json", load_plain),
    "case": ("c.case.toml", load_cases),
    "subscriptions": ("n.toml", load_subscriptions),
    "csvset": ("entries.csv", _set),
    "rosters": ("people.csv", _set),
    "fet": ("t.fet", load_fet),
    "ical": ("t.ics", _calendar),
    "draft": ("d.json", lambda path: from_json(_stdin(path))),
    "finding": ("f.json", lambda path: _from_finding(_stdin(path))),
    "proof": ("p.json", _proof),
    "note": ("n.note", _note),
    "request": ("q.request", lambda path: Request.parse(_paper(path))),
    "public": ("k.txt", lambda path: public_keys([str(path)])),
    "pem": ("k.pem", lambda path: Ed25519Signer.from_pem("k.example", _paper(path), None)),
}

#: Whose content is TOML or JSON.
TOML = ("regulation", "school", "case", "subscriptions")
JSON = ("school-json", "draft", "finding", "proof")

#: What stands where a value stood.
VALUES = (
    b"nan", b"-inf", b"NaN", b"Infinity", b"1e999", b"1e-999999999", b"-1", b"0", b"9" * 400,
    b"9223372036854775808", b"null", b"true", b"[]", b"{}", b'""', b'"\\u0000"', b'"\\ud800"',
    b'"../../etc/passwd"', b'"/etc/passwd"', b'"C:\\\\x"', b"9999-12-31", b"0001-01-01",
    b'"9999-12-31"', b'"0001-01-01"', b'"25:61"', b"99:99", b'"%s%n"', "٣".encode(), "\U0001f600".encode(),
    "\u202e".encode(), "7А".encode(), b"P9999999999D", b"FREQ=SECONDLY", b"+99999 years", b"=cmd()",
    b"-0", b"0x7fffffffffffffff", b"1979-05-27T07:32:00-23:59",
)  # fmt: skip
_VALUE = re.compile(rb'"[^"\n]{0,60}"|[\w.+:-]+')


def mutated(content, chance):
    """*content* with one to four things changed that a hand, a disk or an enemy changes."""
    for _ in range(chance.randint(1, 4)):
        how = chance.randrange(7)
        at = chance.randrange(len(content) + 1)
        some = content[at : at + chance.choice((1, 4, 40, 400))]
        if how == 0:
            content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        elif how == 1:
            content = content[:at] + content[at + len(some) :]
        elif how == 2:
            content = content[:at] + some * chance.choice((2, 50)) + content[at + len(some) :]
        elif how == 3:
            other = chance.randrange(len(content) + 1)
            content = content[:other] + some + content[other:]
        else:
            places = [found.span() for found in _VALUE.finditer(content)] or [(at, at)]
            begin, end = chance.choice(places)
            value = chance.choice(VALUES)
            if how == 6:
                left, right = chance.choice(places)
                value = content[left:right]
            content = content[:begin] + value + content[end:]
    return content


def of_any_kind(good):
    """Name, content, and whether it has to be refused: what is hostile to every parser."""
    middle = len(good) // 2
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../x", b"\0" * MIB)
    yield from (
        ("empty", b"", False),
        ("mark", b"\xef\xbb\xbf", False),
        ("marked", b"\xef\xbb\xbf" + good, False),
        ("marked-twice", b"\xef\xbb\xbf" * 2 + good, False),
        ("nul", good[:middle] + b"\0" + good[middle:], True),
        ("utf-16", good.decode().encode("utf-16"), True),
        ("surrogate", good[:middle] + b"\xed\xa0\x80" + good[middle:], True),
        ("overlong", good[:middle] + b"\xc0\xaf" + good[middle:], True),
        ("half", good[:middle], False),
        ("returns", good.replace(b"\n", b"\r"), False),
        ("zip", zipped.getvalue(), True),
        ("brackets", b"[" * 100_000, True),
        ("braces", b'{"a":' * 100_000, True),
        ("quotes", b'"' * 100_001, False),
        ("escaped", b'"' + b'\\"' * 100_000, False),
        ("long-line", b"a" * (LARGEST_PAPER - 1), False),
        ("large", good + b" " * (8 * MIB + 1), True),
        ("line-ends", b"\n" * (LARGEST_PAPER - 1), False),
        ("backslashes", b"\\" * 100_000, False),
        ("astral", "\U0001f600".encode() * 100_000, False),
    )


def of_toml(good):
    """What is hostile to a parser of TOML."""
    parts = b".".join([b"a"] * 100_000)
    yield from (
        ("heads", b"".join(b"[a%d]\n" % n for n in range(60_000)), True),
        ("tables", b"".join(b"[[a]]\n" for _ in range(60_000)), True),
        ("parts", parts + b" = 1", True),
        ("head-parts", b"[" + parts + b"]", True),
        ("quoted-parts", b".".join([b'"a"'] * 100_000) + b" = 1", True),
        ("names", b"".join(b"a%d.b%d = 1\n" % (n, n) for n in range(60_000)), True),
        ("lists", b"a = [" + b"[]," * 250_000 + b"]", True),
        ("numbers", b"a = [" + b"1," * 510_000 + b"]", True),
        ("inline", b"a = [" + b"{}," * 250_000 + b"]", True),
        ("twice", good + b"\nzzz = 1\nzzz = 2\n", True),
        ("nan", b"title = nan\n" + good, True),
        ("inf", b"id = -inf\n", True),
        ("digits", b"id = " + b"9" * 100_000, True),
        ("huge", b"id = 9007199254740992\n", True),
        ("nul-escape", b'id = "a\\u0000"\n', True),
        ("exponent", b"id = 1e999999999\n", True),
        ("open-text", b'id = """' + b'\\"' * 100_000, True),
        ("remarks", b"# x\n" * 200_000, False),
        ("rows", b"accounts = [" + b"{idd = 'x'}," * 60_000 + b"]", True),
        ("text-rows", b"lessons = [" + b"'x'," * 200_000 + b"]", True),
    )


def of_json():
    """What is hostile to a parser of JSON."""
    yield from (
        ("lists", b"[" + b"[]," * 250_000 + b"[]]", True),
        ("objects", b"[" + b"{}," * 250_000 + b"{}]", True),
        ("numbers", b"[" + b"1," * 510_000 + b"1]", True),
        ("fields", b"{" + b",".join(b'"a%d":1' % n for n in range(80_000)) + b"}", True),
        ("twice", b'{"id": "a", "id": "b"}', True),
        ("nan", b'{"id": NaN}', True),
        ("inf", b'{"id": -Infinity}', True),
        ("digits", b'{"id": ' + b"9" * 100_000 + b"}", True),
        ("huge", b'{"id": 9007199254740992}', True),
        (
            "exponent",
            b'{"record": "mark", "lesson": "l", "pupil": "p", "value": 1e999999999}',
            True,
        ),
        ("nul-escape", b'{"id": "a\\u0000"}', True),
        ("half-sign", b'{"id": "\\ud800"}', True),
        ("nested", b'{"id": ' * 65 + b"1" + b"}" * 65, True),
        ("more", b'{"id": "a"} {"id": "b"}', True),
    )


def of_xml(good):
    """What is hostile to a parser of XML."""
    body = good.partition(b"?>")[2]
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
    )
    yield from (
        ("laughs", b"<!DOCTYPE fet [" + laughs + b"]><fet>&l9;</fet>", True),
        (
            "outside",
            b'<!DOCTYPE fet [<!ENTITY x SYSTEM "file:///etc/passwd">]><fet>&x;</fet>',
            True,
        ),
        ("declared", b'<!DOCTYPE fet SYSTEM "http://127.0.0.1:9/x.dtd">' + body, True),
        ("deep", b"<a>" * 100_000, True),
        ("many", b"<fet>" + b"<a/>" * 250_000 + b"</fet>", True),
        ("pieces", b"<fet>" + b"a&#65;" * 150_000 + b"</fet>", True),
        ("attributes", b"<fet " + b" ".join(b'a%d="1"' % n for n in range(50_000)) + b"/>", True),
        ("twice", b'<fet version="1" version="2"/>', True),
        ("coded", b'<?xml version="1.0" encoding="utf-7"?><fet/>', True),
        ("number", good.replace(b"<Id>7</Id>", b"<Id>" + b"9" * 5_000 + b"</Id>"), False),
        ("long", good.replace(b"<Duration>2", b"<Duration>99999999999"), False),
    )


def of_ical(good):
    """What is hostile to a parser of calendars."""

    def with_rule(rule, start=b"20260907"):
        event = b"\r\n".join(
            (b"BEGIN:VEVENT", b"UID:x", b"DTSTART;VALUE=DATE:" + start, rule, b"END:VEVENT", b"")
        )
        return good.replace(b"BEGIN:VEVENT", event + b"BEGIN:VEVENT", 1)

    hours = b",".join(b"%d" % n for n in range(24))
    sixty = b",".join(b"%d" % n for n in range(60))
    yield from (
        ("events", good.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 40_000), True),
        ("deep", b"BEGIN:VCALENDAR\r\n" * 14_000, False),
        ("secondly", with_rule(b"RRULE:FREQ=SECONDLY"), True),
        ("since-long", with_rule(b"RRULE:FREQ=DAILY", b"00010101"), True),
        ("all-day", with_rule(b"RRULE:FREQ=DAILY;BYHOUR=%s;BYMINUTE=%s" % (hours, sixty)), True),
        ("never", with_rule(b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"), False),
        ("never-daily", with_rule(b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), False),
        ("interval", with_rule(b"RRULE:FREQ=DAILY;INTERVAL=0"), True),
        ("count", with_rule(b"RRULE:FREQ=DAILY;COUNT=999999999999"), False),
        ("length", with_rule(b"DURATION:P99999999999D"), True),
        ("year", with_rule(b"RRULE:FREQ=YEARLY", b"99991231"), False),
        ("dates", with_rule(b"RDATE;VALUE=DATE:" + b",".join([b"20261231"] * 60_000)), False),
        ("folded", good.replace(b"UID:", b"UID:" + b"\r\n a" * 25_000), False),
        ("zone", good.replace(b"Europe/Moscow", b"../../../etc/passwd"), False),
    )


def of_csv(good):
    """What is hostile to a parser of CSV."""
    header, _, rows = good.partition(b"\n")
    yield from (
        ("wide", header + b"\n" + b"," * 90_000 + b"\n", False),
        ("open-quote", header + b'\n"' + b"x\n" * 200_000, True),
        ("columns", header + b"," + header + b"\n" + rows, True),
        ("rows", header + b"\n" + b"\n" * 150_000, False),
        ("faults", header + b"\n" + b"x\n" * 15_000, True),
        ("paths", good.replace(b"p-1", b"../../p-1"), True),
        ("lookalike", good + good.splitlines()[1].replace(b"p-1", "р-1".encode()) + b"\n", True),
        ("formula", good.replace(b"p-1", b"=cmd()"), True),
    )


def of_note(good):
    """What is hostile to a parser of signed notes, and of requests that hold one."""
    for number, line in enumerate(good.split(b"\n")):
        if line:
            begin = line[:-3] + "ё".encode()
            yield f"letters-{number}", good.replace(line, begin), False
            yield f"padded-{number}", good.replace(line, line + b"="), False
    yield "signatures", good + good.split(b"\n\n")[-1] * 1_000, False


def corpus(parser, good):
    """Name, content, and whether it has to be refused, of every hostile file for a parser."""
    yield from of_any_kind(good)
    if parser in TOML:
        yield from of_toml(good)
    elif parser in JSON:
        yield from of_json()
    elif parser == "fet":
        yield from of_xml(good)
    elif parser == "ical":
        yield from of_ical(good)
    elif parser in ("note", "request"):
        yield from of_note(good)
    elif parser in ("csvset", "rosters"):
        yield from of_csv(good)


def limit():
    """Allow this process 64 MiB more than it has."""
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MOST
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def watched():
    """Note every write that is tried, and every way out."""
    tried = []

    def note(event, arguments):
        if event == "open":
            flags = arguments[2]
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                tried.append(f"open {arguments[0]}")
        elif event.split(".")[0] in ("shutil", "socket", "subprocess") or event in (
            "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.system",
            "os.chmod", "os.truncate",
        ):  # fmt: skip
            tried.append(f"{event} {arguments!r}"[:200])

    sys.addaudithook(note)
    return tried


def read_all(folder):
    """Read every file, each by the parser whose folder it lies in."""
    for name, (file, read) in PARSERS.items():
        for place in sorted((folder / name).iterdir()):
            yield name, place.name, place / file, read


def main(folder):
    """Read, and tell."""
    tried = watched()
    for parser, name, path, read in read_all(folder):
        # The good files bring in what is imported late.
        if name == "good":
            try:
                read(path)
            except ej.EdujournalError as error:
                print(json.dumps({"file": f"{parser}/{name}", "told": f"refused: {error}"[:300]}))
    del tried[:]
    gc.collect()
    gc.freeze()
    limit()
    for parser, name, path, read in read_all(folder):
        begun = time.process_time()
        try:
            read(path)
        except ej.EdujournalError as error:
            told = "refused" if str(error) else "refused without a word"
        except BaseException as error:  # noqa: BLE001 - that is what is looked for
            told = f"{type(error).__name__}: {error}"[:300]
        else:
            told = "read"
        spent = time.process_time() - begun
        print(json.dumps({"file": f"{parser}/{name}", "told": told, "seconds": spent}))
        gc.collect()
    print(json.dumps({"tried": tried}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
