"""School data: what a host knows of a school."""
