"""Authorities that tell when a checkpoint was there."""
