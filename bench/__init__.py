"""Measures edujournal beside peers that do the same work; figures are ratios of one run."""
