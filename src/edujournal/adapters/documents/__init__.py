"""Papers written as files: HTML by the standard library, PDF by Typst, codes by segno."""
