"""Audits: what inspectors ask of stored journals."""
