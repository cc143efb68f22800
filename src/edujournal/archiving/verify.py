#!/usr/bin/env python3
"""Check the archive of a school year, by default the one in whose folder this lies.

It needs Python 3.9 or later and nothing else, and shares no code with the library that made the archive:
it is an independent reader. It checks signatures, makes none, and asks of stamps of time only what they are
over. Exit code: 0 whole, 1 damaged, 2 not to be judged.
"""

# Laid out by hand, to be printed on few sheets and read by whoever is to trust it.
# fmt: off
from __future__ import annotations

import argparse
import base64
import functools
import json
import os
import re
import sys
import unicodedata
from hashlib import sha256, sha512
from typing import Any

FORMAT, TAGS, LAST = 1, ("bag-info.txt", "bagit.txt", "manifest-sha256.txt"), "tagmanifest-sha256.txt"
HEX, WRONG = re.compile("[0-9a-f]{64}"), (ValueError, KeyError, TypeError, AttributeError, RecursionError)
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_M1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)

class Unreadable(Exception):
    """Nothing can be said."""

def written(value: Any) -> bytes:  # RFC 8785, without floats
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

def canonical(data: bytes) -> Any:
    value = json.loads(data)
    if written(value) != data or not plain(value, 32):
        raise ValueError("not canonical")
    return value

def plain(value: Any, room: int) -> bool:
    if type(value) is str:
        return value.isascii() or unicodedata.is_normalized("NFC", value)
    if type(value) is dict:
        return room > 0 and all(name.isascii() and plain(one, room - 1) for name, one in value.items())
    if type(value) is list:
        return room > 0 and all(plain(one, room - 1) for one in value)
    return value is None or type(value) is bool or (type(value) is int and abs(value) < 2**53)

def node(left: bytes, right: bytes) -> bytes:  # RFC 6962, 2.1
    return sha256(b"\1" + left + right).digest()

def folded(peaks: list[bytes]) -> bytes:
    *others, top = peaks or [sha256(b"").digest()]
    for left in reversed(others):
        top = node(left, top)
    return top

def grow(peaks: list[bytes], count: int, data: bytes) -> None:  # by a leaf after *count* others
    top = sha256(b"\0" + data).digest()
    while count & 1:
        top, count = node(peaks.pop(), top), count >> 1
    peaks.append(top)

def unhex(texts: Any) -> list[bytes]:
    if type(texts) is not list or not all(map(HEX.fullmatch, texts)):
        raise ValueError("not hashes")
    return [bytes.fromhex(one) for one in texts]

def reached(top: bytes, place: int, size: int, path: list[bytes]) -> bytes:  # RFC 6962, 2.1.1
    if not 0 <= place < size or (size == 1 and path):
        raise ValueError("a path of another tree")
    if size == 1:
        return top
    half, (*rest, other) = 1 << (size - 1).bit_length() - 1, path
    if place < half:
        return node(reached(top, place, half, rest), other)
    return node(other, reached(top, place - half, size - half, rest))

def point(data: bytes) -> Any:  # RFC 8032, 5.1.3
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    x = x if v * x * x % P == u else x * ROOT_M1 % P
    if v * x * x % P != u or (not x and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y % P, 1, x * y % P

def plus(p: Any, q: Any) -> Any:
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, (d - c) % P, (d + c) % P, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n: int, p: Any) -> Any:
    q = (0, 1, 1, 0)
    while n:
        q, p, n = plus(q, p) if n & 1 else q, plus(p, p), n >> 1
    return q

@functools.lru_cache(4096)
def ed25519(public: bytes, text: bytes, made: bytes) -> bool:  # RFC 8032, 5.1.7; nothing here is secret
    a, s = point(public), int.from_bytes(made[32:], "little")
    if len(made) != 64 or a is None or s >= ORDER:
        return False
    h = int.from_bytes(sha512(made[:32] + public + text).digest(), "little") % ORDER
    x, y, z, _ = plus(times(s, point(b"\x58" + b"\x66" * 31)), times(h, (P - a[0], a[1], 1, P - a[3])))
    z = pow(z, -1, P)
    return bool((y * z % P | (x * z % P & 1) << 255).to_bytes(32, "little") == made[:32])

def base64d(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 with two spellings")
    return data

def key(text: str) -> tuple[str, bytes, int, bytes]:  # c2sp.org/signed-note: name, id, kind, key
    name, shown, rest = text.split("+", 2)
    data = base64d(rest)
    own = sha256(name.encode() + b"\n" + data).digest()[:4]
    if len(data) != 33 or data[0] not in (1, 4) or own.hex() != shown:
        raise ValueError(f"not a public key: {text}")
    return name, own, data[0], data[1:]

def checkpoint(data: bytes, keys: list[Any]) -> tuple[str, int, bytes, bool, bool]:
    text, gap, end = data.decode().rpartition("\n\n")
    rows, lines, found = text.split("\n"), end.split("\n"), {1: False, 4: False}
    if not gap or lines.pop() or any(one < " " and one != "\n" for one in text) or "" in rows:
        raise ValueError("not a signed note")
    origin, size, root = rows[:3]
    if not re.fullmatch("0|[1-9][0-9]{0,18}", size) or len(base64d(root)) != 32:
        raise ValueError("not a checkpoint")
    for line in lines:
        dash, name, rest = line.split(" ")
        made = base64d(rest)
        if dash != "—" or len(made) <= 4 or not re.fullmatch(r"[^\s+\x00-\x1f\x7f]+", name):
            raise ValueError("not a signature")
        for own, id_, kind, public in keys:
            if (own, id_) == (name, made[:4]):
                told, sign = text.encode() + b"\n", made[4:]
                if kind == 4:  # c2sp.org/tlog-cosignature
                    told = b"cosignature/v1\ntime %d\n" % int.from_bytes(sign[:8], "big") + told
                if not ed25519(public, told, sign[8:] if kind == 4 else sign):
                    raise ValueError(f"a signature that {name} did not make")
                found[kind] = True
    return origin, int(size), base64d(root), found[1], found[4]

def body_of(data: bytes, school: str, book: str, number: int) -> Any:
    body = canonical(data)
    if type(body) is dict and type(body.get("v")) is int and body["v"] > FORMAT:
        raise Unreadable(f"{book}:{number}: a later format; get a later verify.py")
    by, span, texts = body["by"], body.get("evidence"), body.get("texts")
    span, texts = {"hi": 0} if span is None else span, {} if texts is None else texts
    must = [body["v"], body["at"], body["n"], span["hi"], body["kind"], body["about"],
            by["account"], by["role"], *texts.values()]
    may = [body.get("item"), body.get("target"), span.get("lo"), body.get("pupil"), body.get("key")]
    right = all(type(one) is (int if place < 4 else str) for place, one in enumerate(must))
    loose = all(one is None or type(one) is (int if place < 3 else str) for place, one in enumerate(may))
    place = (body["v"], body["school"], body["book"], body["n"])
    if not (right and loose) or place != (FORMAT, school, book, number):
        raise ValueError("a wrong field, or of another place")
    return body

def committed(salt: str, said: bytes) -> str:
    if not re.fullmatch("[0-9a-f]{32}", salt):
        raise ValueError("not a salt")
    return sha256(b"edujournal/commitment/v1\n" + bytes.fromhex(salt) + said).hexdigest()

def entry(previous: bytes, data: bytes) -> bytes:
    return sha256(b"edujournal/entry/v1\n" + previous + sha256(data).digest()).digest()

def texts_damage(texts: Any, private: bytes | None, erased: bool) -> str:
    try:
        kept = canonical(private) if private else {}
        if private and private.startswith(b'{"ciphered":{"alg"') and len(kept) == 1:
            return "" if texts else "texts"
        for name, one in kept.items():
            if texts[name] != committed(one["salt"], one["text"].encode()) or len(one) != 2:
                return "texts"
    except WRONG:
        return "texts"
    return ("unerased" if kept else "") if erased else ("lost" if len(kept) < len(texts) else "")

def bag(files: Any, found: list[Any]) -> None:  # RFC 8493: both ways, and byte for byte
    hashes = {name: sha256(files[name]).hexdigest() for name in sorted(files)}
    for name, inside in ((TAGS[2], True), (LAST, False)):
        own = [one for one in hashes if one.startswith("data/") is inside and one != LAST]
        stands, before = read(files, name), len(found)
        listed = {row[66:]: row[:64] for row in stands.decode(errors="replace").split("\n") if row}
        found += [(one, 0, "missing") for one in listed if one not in own]
        found += [(one, 0, "changed" if one in listed else "unknown") for one in own
                  if listed.get(one) != hashes[one]]
        right = "".join(f"{hashes[one]}  {one}\n" for one in own).encode()
        found += [(name, 0, "manifest")] if stands != right and len(found) == before else []
    found += [(one, 0, "missing") for one in (*TAGS, LAST, "verify.py") if one not in hashes]

def read(files: Any, name: Any) -> Any:
    return files[name] if name in files else b""  # noqa: SIM401 - what is in a folder has to be read

class Archive:  # that is judged: *files* gives the bytes of each file by its name in the folder
    def __init__(self, files: Any, keys: list[str] | None) -> None:
        self.files, self.found, self.seals, self.roots = files, [], {}, [folded([])]  # type: Any, Any, Any, Any
        self.signed = self.seen = self.entries = self.unsealed = 0
        self.disposed, self.stamps, self.erased = [], [], {}  # type: list[str], list[int], Any
        self.results, self.rows_kept, self.unproven, self.of = {}, 0, 0, ""  # type: Any, int, int, Any
        self.people, self.forgotten, self.met = {}, {}, set()  # type: Any, dict[int, str], set[int]
        bag(files, self.found)
        about = canonical(files["data/archive.json"])
        if about["format"] != FORMAT:
            raise Unreadable("an archive of another format; get another verify.py")
        rows = [canonical(line) for line in files["data/books.jsonl"].split(b"\n")[:-1]]
        self.table = {one["book"]: (one["file"], one["texts"], one["n"], one["hash"]) for one in rows}
        named = [about[one] for one in ("school", "year", "origin")]
        named += [one[name] for one in rows for name in ("book", "file", "hash", "texts")
                  if name != "texts" or one[name] is not None]
        if not all(type(one) is str for one in named) or not all(type(one["n"]) is int for one in rows):
            raise ValueError("a wrong field")
        if any(one["book"].rsplit("/", 1)[-1] != about["year"] for one in rows):
            raise ValueError("a book of another year")
        gone = read(files, "data/disposed.txt").decode().split("\n")[:-1]
        self.gone = {line[66:] for line in gone} - set(files)
        self.school, self.year, self.origin = about["school"], about["year"], about["origin"]
        self.log, own = f"seals/{self.year}", files["data/keys.txt"].decode().split("\n")[:-1]
        self.keys = [key(one) for one in (own if keys is None else keys)]

    def lines(self, file: Any, form: bytes) -> Any:
        *whole, rest = read(self.files, file).split(b"\n")
        for line in whole:
            found = re.fullmatch(b"(%b) (.*)" % form, line, re.DOTALL)
            if not found:
                raise ValueError("a malformed line")
            yield found[1].decode(), found[2]
        if rest:
            raise ValueError("the end is missing")

    def entries_of(self, book: str) -> Any:
        return enumerate(self.lines(self.table.get(book, (None,))[0], b"[0-9a-f]{64}"), 1)

    def each(self, book: str, take: Any, fault: str, *marks: bytes) -> None:
        tree, number = [], 0  # type: Any, int
        try:
            for number, (hash_, data) in self.entries_of(book):
                if fault:
                    grow(tree, number - 1, data)
                    self.roots.append(folded(tree))
                elif not any(one in data for one in marks):
                    continue
                try:
                    take(body_of(data, self.school, book, number), hash_)
                except WRONG:
                    self.found += [(book, number, fault)] if fault else []
        except ValueError:
            self.found += [(book, number + 1, "unreadable")] if fault else []

    def take_seal(self, body: Any, _: str) -> None:
        said = body["values"]
        book, count, hash_, peaks = said["book"], said["n"], said["hash"], unhex(said["peaks"])
        root, before = folded(peaks), self.seals.get(book, [])
        if (type(count) is not int or count <= max(before, default=(0,))[0] or root.hex() != said["root"]
                or len(peaks) != bin(count).count("1") or not HEX.fullmatch(hash_)
                or body["kind"] != "seal" or book == self.log or book.rsplit("/", 1)[-1] != self.year):
            raise ValueError("not a seal, or one that goes back")
        self.seals[book] = [*before, (count, hash_, root, body["n"] - 1)]

    def take_result(self, body: Any, hash_: str) -> None:
        mine = self.results.setdefault(body["book"], {})
        if body["about"].startswith(("period:", "subject:")) or body.get("target") in mine:
            mine[body["n"]] = hash_

    def rows(self, file: str) -> Any:
        *lines, rest = read(self.files, file).split(b"\n")
        return enumerate([*lines, rest + b"\n"] if rest else lines, 1)

    def hold(self, file: str, take: Any, fault: str) -> None:
        for place, line in self.rows(file):
            try:
                bad = take(place, canonical(line))
            except WRONG:
                bad = fault
            self.found += [(file, place, bad)] if bad else []

    def read_results(self) -> None:
        names = sorted(one for one in self.files if one.startswith("data/checkpoints/"))
        note = self.files[names[-1]].decode(errors="replace") if names else None
        told = re.match("[^\n]*\n([1-9][0-9]{0,18})\n", note or "")
        self.size = int(told[1]) if told else 0 if names else len(self.roots) - 1
        self.head = {"checkpoint": note, "school": self.school, "year": self.year}
        self.last = {book: one for book, some in self.seals.items() for one in some if one[3] < self.size}
        of = {one[0].replace("books", "results"): book.split("/")[1:2] for book, one in self.table.items()}
        for file in sorted(one for one in self.files if one.startswith("data/results/")):
            self.head["book"] = "/".join(["class", *of.get(file, []), self.year])
            self.hold(file, self.take_kept, "proof")
        self.found += [(book, one, "unkept") for book, mine in self.results.items() for one in mine
                       if book.split("/")[1:2] not in map(of.get, self.gone)]

    def take_kept(self, place: int, row: Any) -> str:  # a seal of a journal, or one of its results
        if place == 1:
            self.of, self.seal, self.before = row["book"], ("", 0, "", b"", 0), ("", 0)
            return "" if row == self.head else "proof"
        body, path, data = row["body"], row["path"], written(row["body"])
        if len(row) == 2:
            of = body["values"]["book"]
            steps, self.seal = unhex(path), (of, *self.last[of])
            root = reached(sha256(b"\0" + data).digest(), self.seal[4], self.size, steps)
            return "" if [root] == self.roots[self.size:self.size + 1] else "proof"
        steps, (previous,) = [] if path is None else unhex(path), unhex([row["previous"]])
        book, number = body["book"], body["n"]
        if not body_of(data, self.school, book, number) or len(row) != 3:
            return "proof"
        told, sealed = entry(previous, data), self.last.get(book, (0,))[0]
        own, (kind, group, _, year) = self.results.get(book, {}).pop(number, None), book.split("/")
        right = own == told.hex() or self.table.get(book, ("",))[0] in self.gone
        right &= (kind, year, self.of) == ("journal", self.year, f"class/{group}/{year}")
        right &= (book, number) > self.before and (path is None) == (number > sealed)
        if path is not None:
            root = reached(sha256(b"\0" + told).digest(), number - 1, sealed, steps)
            right &= (self.seal[0], self.seal[3]) == (book, root)
        self.rows_kept, self.unproven = self.rows_kept + right, self.unproven + (right and path is None)
        self.before = (book, number) if right else self.before
        return "" if right else "proof"

    def read_people(self) -> None:
        self.people, file = dict(self.rows("data/people.txt")), "data/register.jsonl"
        self.found += [("data/people.txt", number, "person") for number, line in self.people.items()
                       if not re.fullmatch(b"[0-9a-f]{64}", line)]
        self.hold("data/erased.jsonl", self.take_erasure, "erasure")
        self.hold(file, self.take_person, "person")
        self.found += [(file, one, "lost") for one in self.people if one not in {*self.met, *self.forgotten}]

    def take_erasure(self, _: int, row: Any) -> str:
        at, ground, some = row["at"], row["ground"], row["people"]
        known = type(some) is list and all(type(one) is int and one in self.people for one in some)
        if len(row) != 3 or type(at) is not int or not ground.strip() or not known:
            return "erasure"
        self.forgotten.update(dict.fromkeys(some, ground))
        return ""

    def take_person(self, _: int, row: Any) -> str:
        number, person = row["n"], row["person"]
        told = committed(row["salt"], written(person)).encode()
        if len(row) != 3 or type(number) is not int or type(person) is not dict:
            return "person"
        last = max(self.met, default=0)
        self.met.add(number)
        if self.people.get(number) != told or number <= last:
            return "person"
        return "unerased" if number in self.forgotten else ""

    def take_act(self, body: Any, _: str) -> None:
        said = body["values"] if body["kind"] == "erasure" else {}
        for row in [*said.get("records", ()), *said.get("taken", ())]:
            self.erased.setdefault(row["book"], set()).add(row["n"])

    def read_checkpoints(self, anchors: Any) -> None:
        points = [(self.origin, int(size), bytes.fromhex(root), False, True) for size, root in anchors]
        for name in sorted(one for one in self.files if one.startswith("data/checkpoints/")):
            try:
                points.append(checkpoint(self.files[name], self.keys))
            except ValueError:
                self.found.append((self.log, 0, "signature"))
        for origin, size, root, mine, theirs in points:
            if origin != self.origin:
                self.found.append((self.log, 0, "signature"))
            elif (mine or theirs) and self.roots[size:size + 1] != [root]:
                self.found.append((self.log, size, "checkpoint"))
            else:
                self.signed, self.seen = max(self.signed, size * mine), max(self.seen, size * theirs)

    def read_stamps(self) -> None:  # RFC 3161, of which only this is judged: what was stamped
        for name in sorted(one for one in self.files if one.startswith("data/stamps/")):
            size = int((re.findall(r"\Adata/stamps/[0-9]+-([1-9][0-9]{0,17})[.]tsr\Z", name) or [0])[0])
            root = base64.b64encode(b"".join(self.roots[size:size + 1])).decode()
            digest = sha256(f"{self.origin}\n{size}\n{root}\n".encode()).digest()
            fits = size and root and b"\4\x20" + digest in self.files[name]  # an octet string of 32 bytes
            self.stamps += [size] if fits else []
            self.found += [] if fits else [(self.log, 0, "stamp")]

    def read_book(self, book: str) -> None:
        file, beside, count, head = self.table.get(book, ("", None, 0, "0" * 64))
        due, last, number = {n: one for n, *one in self.seals.get(book, ())}, "0" * 64, 0
        tree, texts, gone = [], {}, beside in self.gone  # type: Any, dict[int, bytes], bool
        if file in self.gone:
            self.disposed.append(book)
            wrong = max(due, default=0) > count or due.get(count, [head])[0] != head
            self.found += [(book, count, "receipt")] * wrong
            return
        try:
            for first, said in self.lines(beside, b"[1-9][0-9]{0,15}"):
                if int(first) <= max(texts, default=0):
                    raise ValueError("texts out of order")
                texts[int(first)] = said
            for number, (stored, data) in self.entries_of(book):
                told = entry(bytes.fromhex(last), data).hex()
                last, (hash_, root, *_) = stored, due.get(number, [stored, b""])
                grow(tree, number - 1, bytes.fromhex(stored))
                bad = ["hash"] if told != stored else ["receipt"] if hash_ != stored else []
                bad += ["seal"] if root and folded(tree) != root else []
                kept = texts.pop(number, None)
                try:
                    made = body_of(data, self.school, book, number).get("texts") or {}
                    bad += [] if gone else [texts_damage(made, kept, number in self.erased.get(book, ()))]
                except WRONG:
                    bad.append("body")
                self.found += [(book, number, one) for one in bad if one]
            if texts:
                raise ValueError("texts of no record")
            self.found += [(book, number, "head")] if (number, last) != (count, head) else []
            self.found += [(book, number, "receipt") for one in due if one > number]
        except ValueError:
            self.found.append((book, number + 1, "unreadable"))
        self.entries += number
        self.unsealed += 0 if book == self.log else max(0, number - max(due, default=0))

    def verdict(self, anchors: Any) -> dict[str, Any]:
        self.each(self.log, self.take_seal, "seal")
        self.read_checkpoints(anchors)
        self.read_stamps()
        self.each(f"school/{self.year}", self.take_act, "", b'"kind":"erasure"')
        for book in sorted(self.table.keys() | self.seals.keys()):
            self.read_book(book)
            if book.startswith("journal/"):
                self.each(book, self.take_result, "", b'"about":"period:', b'"about":"subject:', b'"target":')
        self.read_results()
        self.read_people()
        level = "L3" if self.seen else "L2" if self.signed else "L1"
        if self.found:
            level = "L0" if all(one[2] in ("head", "receipt") for one in self.found) else ""
        return {
            "level": level, "grounds": sorted(set(self.forgotten.values())), "forgotten": len(self.forgotten),
            "damages": self.found, "entries": self.entries, "witnessed": self.seen, "unproven": self.unproven,
            "school": self.school, "origin": self.origin, "signed": self.signed, "stamps": self.stamps,
            "year": self.year, "books": len(self.table), "results": self.rows_kept, "disposed": self.disposed,
            "unsealed": self.unsealed, "people": len(self.people), "root": self.roots[-1].hex(),
            "seals": len(self.roots) - 1, "keys": [f"{name}+{id_.hex()}" for name, id_, _, _ in self.keys]}

def check(files: Any, keys: list[str] | None = None, anchors: Any = ()) -> dict[str, Any]:
    try:
        return Archive(files, keys).verdict(anchors)
    except WRONG as error:
        raise Unreadable(f"not an archive: {error!r}") from error

class Folder(dict[str, Any]):  # the files of a folder by their names, each read when it is asked for
    def __init__(self, top: str) -> None:
        for place, folders, names in os.walk(top):
            for path in (os.path.join(place, one) for one in (*folders, *names)):
                if os.path.islink(path):
                    raise Unreadable(f"a link: {path}")
                if not os.path.isdir(path):
                    self[os.path.relpath(path, top).replace(os.sep, "/")] = path

    def __getitem__(self, name: str) -> bytes:
        with open(dict.__getitem__(self, name), "rb") as stream:
            return stream.read()

SAID = {  # in English and in Russian
    "title": ("Archive of {school}, {year}: {books} books, {entries} entries, {seals} seals.",
              "Архив {school}, {year}: книг {books}, записей {entries}, печатей {seals}."),
    "place": ("Damaged: {}, entry {}: {}.", "Повреждено: {}, запись {}: {}."),
    "damages": ("DAMAGED: nothing is proven.", "ПОВРЕЖДЕНО: ничего не доказано."),
    "disposed": ("Disposed of, kept by hash: {disposed}.", "Уничтожены по сроку, хранятся хеши: {disposed}."),
    "stamps": ("Stamps of time over seals: {stamps}. Who gave them is not judged here.",
               "Штампы времени, печатей под ними: {stamps}. Чьи они, здесь не проверяется."),
    "results": ("Results kept apart from their journals: {results}; no seal covers {unproven} of them.",
                "Итоги, сохранённые отдельно от журналов: {results}; из них не под печатью: {unproven}."),
    "grounds": ("People erased: {forgotten} of {people}, on the ground: {grounds}.",
                "Стёрто людей: {forgotten} из {people}, основание: {grounds}."),
    "unsealed": ("Entries after the last seal: {unsealed}.", "Записей после последней печати: {unsealed}."),
    "keys": ("Compare with what you know from elsewhere: keys {keys}; {origin} {seals}:{root}.",
             "Сверьте с тем, что знаете из других рук: ключи {keys}; {origin} {seals}:{root}."),
    "L1": ("L1: chains and heads agree; no signature.", "L1: цепочки и концы книг сходятся; подписи нет."),
    "L2": ("L2: as it was when the school's key signed {signed} of {seals} seals.",
           "L2: всё таково, каким ключ школы подписал его; под подписью печатей {signed} из {seals}."),
    "L3": ("L3: a witness or a printed sheet confirms {witnessed} of {seals} seals.",
           "L3: свидетель или печатный лист подтверждает печатей {witnessed} из {seals}.")}

def main(given: list[str]) -> int:
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    takes = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    takes.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    takes.add_argument("--key", action="append", help="a public key that you know from elsewhere (repeat)")
    takes.add_argument("--anchor", action="append", default=[], help="SIZE:ROOT from a printed sheet")
    takes.add_argument("--ru", action="store_true", help="по-русски")
    takes.add_argument("--json", action="store_true")
    asked = takes.parse_args(given)
    try:
        found = check(Folder(asked.folder), asked.key, [one.split(":") for one in asked.anchor])
    except (Unreadable, OSError, ValueError) as error:
        print(f"verify.py: {error!r}", file=sys.stderr)
        return 2
    words = {name: ", ".join(map(str, one)) if type(one) is list else one for name, one in found.items()}
    names = ["damages" if found["damages"] else found["level"], "disposed", "results", "grounds",
             "stamps", "unsealed", "keys"]
    said = [SAID[one][asked.ru].format(**words) for one in ("title", *names) if found.get(one, one)]
    said[1:1] = [SAID["place"][asked.ru].format(*one) for one in found["damages"]]
    print(json.dumps(found) if asked.json else "\n".join(said))
    return 1 if found["damages"] else 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
