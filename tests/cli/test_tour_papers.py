"""What the tour leaves beside its database."""

from __future__ import annotations


def test_the_tour_leaves_papers_and_letters(toured):
    """A page and a sheet, each as HTML and PDF; the week's diary to be signed; what was new."""
    for name, said in (("page", "Algebra"), ("sheet", "7A")):
        html = (toured / f"{name}.html").read_text("utf-8")
        assert "<html" in html
        assert said in html or "Алгебра" in html
        assert (toured / f"{name}.pdf").read_bytes().startswith(b"%PDF-")
    letters = {one.parent.name for one in (toured / "letters").rglob("*.html")}
    assert "news" in letters
    assert len(letters) > 1
