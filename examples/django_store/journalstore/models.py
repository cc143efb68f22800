"""Two models for journals, and one that the project had before."""

from __future__ import annotations

from django.db import models


class Head(models.Model):
    """Where a book ends; the row that a writer locks first."""

    school = models.CharField(max_length=128)
    book = models.CharField(max_length=400)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        """One row for each book."""

        constraints = (models.UniqueConstraint("school", "book", name="one_head_for_each_book"),)

    def __str__(self) -> str:
        """School, book and number."""
        return f"{self.school} {self.book}:{self.number}"


class Entry(models.Model):
    """One record of a book: bytes, and two columns for lists of the project's own."""

    school = models.CharField(max_length=128)
    book = models.CharField(max_length=400)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    body = models.BinaryField()
    private = models.BinaryField(null=True)
    kind = models.CharField(max_length=64)
    recorded = models.BigIntegerField()

    class Meta:
        """One row for each number of a book."""

        constraints = (
            models.UniqueConstraint("school", "book", "number", name="one_entry_for_each_number"),
        )

    def __str__(self) -> str:
        """School, book and number."""
        return f"{self.school} {self.book}:{self.number}"


class Visit(models.Model):
    """A guardian has opened the diary: the project's own, and nothing to do with journals."""

    guardian = models.CharField(max_length=128)
    pupil = models.CharField(max_length=128)

    def __str__(self) -> str:
        """Who saw whose diary."""
        return f"{self.guardian}: {self.pupil}"
