"""The ledger: why a book can be believed."""
