"""After a test with real transactions its rows are deleted, not truncated: a hundredth of the time for few rows.

What Django made in every new database, types of content and permissions, stays.
"""

import pytest
from django.db import connection
from django.test import TransactionTestCase

STAY = {"django_content_type", "auth_permission"}
truncate = TransactionTestCase._fixture_teardown


@pytest.fixture(autouse=True, scope="session")
def _deletes_instead_of_truncating() -> None:
    TransactionTestCase._fixture_teardown = empty_tables


def empty_tables(case: TransactionTestCase | None) -> None:
    """Delete all rows, past keys and triggers, which only a superuser may; for others, what Django does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        if not cursor.fetchone()[0]:
            truncate(case)
            return
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - STAY
        deletions = "; ".join(f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables))
        cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletions}; COMMIT")
