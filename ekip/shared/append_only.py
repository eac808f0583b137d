"""Append-only rows: the model guard. The row trigger stands beside it in each model's Meta."""

from typing import Any, NoReturn

import pgtrigger
from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that is only ever appended."""


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses bulk changes before the row trigger has to."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Always refused."""
        raise AppendOnlyError(f"{self.model.__name__} rows are only appended")

    def delete(self) -> NoReturn:
        """Always refused."""
        raise AppendOnlyError(f"{self.model.__name__} rows are only appended")


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; AppendOnlyError for a row that exists."""
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are only appended")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always refused."""
        raise AppendOnlyError(f"{type(self).__name__} rows are only appended")


def protect_rows() -> list[pgtrigger.Trigger]:
    """The row trigger that refuses UPDATE and DELETE (TRUNCATE stays possible: test databases are cleared)."""
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
