"""Peers: other ways to do the work that edujournal does, each with the same answers."""
