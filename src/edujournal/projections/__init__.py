"""Projections: views that are kept, and brought up to date by what each entry touches."""
