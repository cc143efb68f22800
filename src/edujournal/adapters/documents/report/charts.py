"""Charts as static SVG, drawn by Vega-Lite before the page is written: the page runs no library."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from edujournal.errors import MissingExtra

#: Colours that stand out from white by 4.5 to 1 at least, for the eye and on grey paper.
_INK: Final = "#1b4f8f"
_CONFIG: Final = {
    "font": "sans-serif",
    "view": {"stroke": None},
    # Letters of the reader's font may be wider than those that the picture was measured with.
    "padding": {"left": 16, "right": 16, "top": 5, "bottom": 5},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": "#d5d9df",
        "labelColor": "#222",
    },
}


def trend(weeks: Sequence[tuple[str, float]], label: str) -> str:
    """A line of percents by week.

    Args:
        weeks: Names of weeks, in their order, and percents.
        label: What the chart tells, for those who do not see it.

    Raises:
        MissingExtra: Vega-Lite is not installed.

    *Version added: 0.1.*
    """
    values = [{"week": name, "share": share} for name, share in weeks]
    # From the ten below the least: lines that all lie at the top of the picture say nothing.
    least = min(9, int(min(share for _, share in weeks) // 10)) * 10
    return _svg(
        {
            "width": 400, "height": 170, "data": {"values": values},
            "mark": {"type": "line", "point": {"size": 45, "color": _INK}, "color": _INK},
            "encoding": {
                "x": {"field": "week", "type": "ordinal", "sort": None, "title": None,
                      "axis": {"labelAngle": -45, "labelOverlap": True}},
                "y": {"field": "share", "type": "quantitative", "title": None,
                      "scale": {"domain": [least, 100]}},
            },
        },
        label,
    )  # fmt: skip


def bars(counts: Sequence[tuple[str, float]], label: str, said: Sequence[str] | None = None) -> str:
    """A bar for each name.

    Args:
        counts: Names, in their order, and numbers.
        label: What the chart tells, for those who do not see it.
        said: The numbers as the language writes them; by default in whole numbers.

    Raises:
        MissingExtra: Vega-Lite is not installed.

    *Version added: 0.1.*
    """
    texts = [str(n) for _, n in counts] if said is None else said
    encoding = {
        "x": {"field": "n", "type": "quantitative", "axis": None},
        "y": {"field": "name", "type": "ordinal", "sort": None, "title": None},
    }
    return _svg(
        {
            "width": 320, "height": {"step": 26},
            "data": {"values": [{"name": name, "n": n, "said": text}
                                for (name, n), text in zip(counts, texts, strict=True)]},
            "encoding": encoding,
            "layer": [
                {"mark": {"type": "bar", "color": _INK}},
                {"mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 12, "fill": "#222"},
                 "encoding": {"text": {"field": "said"}}},
            ],
        },
        label,
    )  # fmt: skip


def _svg(spec: Mapping[str, Any], label: str) -> str:
    try:
        from vl_convert import vegalite_to_svg
    except ImportError as error:
        raise MissingExtra(
            "charts need the extra 'report'", mend="pip install 'edujournal[report]'."
        ) from error
    from html import escape

    drawn: str = vegalite_to_svg(
        {**spec, "config": _CONFIG, "background": "white"},
        vl_version="5.20",
        allowed_base_urls=[],
    )
    # One picture with one name; the numbers stand in the table beside it. It grows with the page.
    inner = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    named = f'<svg role="img" aria-label="{escape(label)}"'
    sized = re.sub(r'(<svg[^>]*?) width="\d+" height="\d+"', r"\1", inner, count=1)
    return sized.replace("<svg", named, 1)
