"""System checks that keep demonstration accounts out of production."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection

from partners.models import User


@register(Tags.database)
def no_demonstration_accounts(databases: list[str] | None = None, **kwargs: Any) -> list[Error]:
    """Fail `migrate` and `check --database default` when a demonstration account exists outside the demonstration.

    Without `databases`, Django asks for what can be told without one.
    """
    if not databases or "default" not in databases:
        return []
    if settings.DEMO or User._meta.db_table not in connection.introspection.table_names():
        return []
    if not User.objects.filter(is_example=True).exists():
        return []
    return [
        Error(
            "A demonstration account exists in a database that is not the demonstration.",
            hint="Start with a fresh database: the demonstration is never turned into an installation.",
            id="partners.E001",
        )
    ]
