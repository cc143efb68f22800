"""The lake: the entries of many schools as Parquet files, for whoever counts and audits a region."""

from edujournal.adapters.exchange.lake.findings import findings_file
from edujournal.adapters.exchange.lake.reading import InLake, Lake
from edujournal.adapters.exchange.lake.stored import InStore
from edujournal.adapters.exchange.lake.writing import export, write_truth

__all__ = ["InLake", "InStore", "Lake", "export", "findings_file", "write_truth"]
