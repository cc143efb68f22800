"""Reports with pictures: one HTML file by jinja2, its charts drawn as SVG by Vega-Lite."""

from edujournal.adapters.documents.report.page import write_report
from edujournal.adapters.documents.report.region import write_region_report

__all__ = ["write_region_report", "write_report"]
