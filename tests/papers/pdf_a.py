"""What ISO 19005-3 asks of the structure of a file at level A, as far as it can be read without rendering.

A validator of the whole norm is no package that a test can bring along; this one reads what a
careless engine gets wrong: what is not embedded, what runs, what is drawn by the reader's own
colours, what is not tagged, what is attached without saying why.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

RUNS = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState",
    "/Rendition", "/Trans", "/GoTo3DView", "/JavaScript",
}  # fmt: skip
EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")


def pdf_a_faults(data: bytes) -> list[str]:
    """What keeps a file from PDF/A-3a, one short line each; nothing where nothing was found."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return sorted({*_file(data, pdf), *_root(pdf), *_pages(pdf), *_objects(pdf)})


def _file(data: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    second = data.split(b"\n", 2)[1]
    if second[:1] != b"%" or len(second) < 5 or any(byte < 128 for byte in second[1:5]):
        yield "header: no mark of binary content"
    if pdf.is_encrypted:
        yield "trailer: encrypted"
    if "/ID" not in pdf.trailer:
        yield "trailer: no identifier"
    with pdf.open_metadata() as meta:
        found = meta.get("pdfaid:part"), meta.get("pdfaid:conformance")
        if found != ("3", "A"):
            yield f"metadata: {found} instead of PDF/A-3a"
        title = pdf.docinfo.get("/Title")
        if not meta.get("dc:title") or (title is not None and str(title) != meta["dc:title"]):
            yield "metadata: another title than in the file"


def _root(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if "/Filter" in root.get("/Metadata", {}):
        yield "metadata: compressed"
    if not root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in root:
        yield "root: not tagged"
    if not str(root.get("/Lang", "")):
        yield "root: no language"
    for name in ("/AA", "/OpenAction", "/NeedsRendering", "/Requirements"):
        if name in root:
            yield f"root: {name}"
    if "/JavaScript" in root.get("/Names", {}):
        yield "root: /JavaScript"
    intents = [one for one in root.get("/OutputIntents", []) if str(one.S) == "/GTS_PDFA1"]
    if len(intents) != 1 or "/DestOutputProfile" not in intents[0]:
        yield "root: no output intent with its profile"
    elif intents[0].DestOutputProfile.read_bytes()[36:40] != b"acsp":
        yield "root: the profile of the output intent is none"
    listed = {one.objgen for one in root.get("/AF", [])}
    for name, spec in pdf.attachments.items():
        if spec.obj.objgen not in listed or "/AFRelationship" not in spec.obj:
            yield f"attachment {name}: not said what it is to the file"
        if "/Subtype" not in spec.obj.EF.F:
            yield f"attachment {name}: no type"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        if "/AA" in page.obj:
            yield f"page {number}: /AA"
        if "/StructParents" not in page.obj:
            yield f"page {number}: its content is in no structure"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            yield from _stream(one)
        if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            yield from _dictionary(one)


def _stream(one: Any) -> Iterator[str]:
    filters = one.get("/Filter", [])
    named = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
    if {"/LZWDecode", "/Crypt"} & {str(name) for name in named}:
        yield "stream: a filter that is not allowed"
    if "/F" in one:
        yield "stream: its content is in another file"
    if str(one.get("/Subtype")) == "/PS":
        yield "stream: PostScript"
    for name in ("/Alternates", "/OPI"):
        if name in one:
            yield f"stream: {name}"


def _dictionary(one: Any) -> Iterator[str]:
    kind, below = str(one.get("/Type")), str(one.get("/Subtype"))
    if str(one.get("/S")) in RUNS:
        yield f"action: {one.S}"
    if kind == "/FontDescriptor" and not any(name in one for name in EMBEDDED):
        yield "font: not embedded"
    if kind == "/Font" and below == "/Type0" and "/ToUnicode" not in one:
        yield "font: its letters cannot be read"
    if kind == "/Font" and below in ("/Type1", "/TrueType") and "/FontDescriptor" not in one:
        yield "font: not embedded"
    if kind == "/ExtGState":
        if (
            str(one.get("/SMask", "/None")) != "/None"
            or str(one.get("/BM", "/Normal")) != "/Normal"
        ):
            yield "state: transparency"
        if any(float(one.get(name, 1)) < 1 for name in ("/CA", "/ca")):
            yield "state: transparency"
