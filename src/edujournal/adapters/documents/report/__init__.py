"""Reports with pictures: one HTML file by jinja2, its charts drawn as SVG by Vega-Lite."""

from edujournal.adapters.documents.report.page import write_report

__all__ = ["write_report"]
