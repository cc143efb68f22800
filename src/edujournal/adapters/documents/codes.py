"""The 2D code of a stamp, as a drawing. Needs the extra ``documents``."""

from __future__ import annotations

from io import BytesIO

from edujournal.errors import MissingExtra
from edujournal.papers.paper import Stamp


def svg_of(stamp: Stamp) -> str:
    """Draw the QR code of *stamp* as SVG, with the quiet margin that readers need.

    A quarter of the code may be lost to a fold or a seal and it still reads.

    Raises:
        MissingExtra: segno is not installed.

    *Version added: 0.1.*
    """
    try:
        import segno
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "segno is not installed",
            where="a 2D code",
            mend="Run: pip install 'edujournal[documents]'",
        ) from error
    code = segno.make_qr(stamp.code, error="q", encoding="utf-8")
    stream = BytesIO()
    code.save(stream, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, light="#fff")
    return stream.getvalue().decode()
