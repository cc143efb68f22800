"""The year as a package that verifies itself: what is in it, how it is read again and judged."""
