"""Published rows are only appended: the model refuses, and where it is gone round, the database does."""

import pytest
from django.db import ProgrammingError, connection, transaction

from ekip.shared.append_only import AppendOnlyError
from recommendations.models import (
    Edition,
    EditionAuthor,
    EditionDocument,
    EditionEvidence,
    EditionRecommendation,
    EditionText,
    Notice,
    Publication,
    Revision,
)
from recommendations.publishing import issue_notice, publish

TABLES = [
    Publication,
    Edition,
    EditionAuthor,
    EditionText,
    EditionRecommendation,
    EditionEvidence,
    EditionDocument,
    Notice,
    Revision,
]


@pytest.fixture
def published(draft, now):
    edition = publish(draft, now=now)
    issue_notice(edition, "correction", "A figure was wrong.", person=None, now=now)
    return edition


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_the_model_refuses(published, model):
    row = model.objects.first()
    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(id=9)):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses(published, model, statement):
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(model._meta.db_table))
    assert model.objects.exists()
