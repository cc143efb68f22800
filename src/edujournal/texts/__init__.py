"""Texts for people, in Russian and English."""
