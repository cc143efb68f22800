"""Testing: the conformance kit for stores and school data."""
