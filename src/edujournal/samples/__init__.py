"""Samples: a believable school for tours, docs and tests."""
