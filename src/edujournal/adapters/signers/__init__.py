"""Keys that sign notes, and witnesses that cosign them."""
