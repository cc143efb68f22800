"""The journal CSV set: the plain way in and out for any data set."""

from edujournal.adapters.exchange.csvset.importing import (
    ImportPlan,
    ImportReport,
    commit,
    plan_import,
)
from edujournal.adapters.exchange.csvset.sets import CsvSet, read_set
from edujournal.adapters.exchange.csvset.tables import Limits
from edujournal.adapters.exchange.csvset.writing_out import write_set

__all__ = [
    "CsvSet",
    "ImportPlan",
    "ImportReport",
    "Limits",
    "commit",
    "plan_import",
    "read_set",
    "write_set",
]
