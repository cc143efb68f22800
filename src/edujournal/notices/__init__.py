"""Notices: what guardians and teachers are told, by whom it was asked for, when, and in which words. Pure."""
