"""What a new installation needs: its first administrator, and a look at settings, servers and mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from celery import Celery
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from ekip.shared.errors import Invalid
from partners.models import User
from partners.services import letters, people

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104 - compared with, never listened on


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: fine, or to be mended as `text` says."""

    fine: bool
    text: str


def settings_findings() -> Iterator[Finding]:
    """The settings that a public installation must have right."""
    key = settings.SECRET_KEY
    strong = len(key) >= 50 and len(set(key)) >= 10 and not key.startswith("django-insecure-")
    yield _judge(strong, "SECRET_KEY is long", "SECRET_KEY: set fifty or more random characters")
    address = urlsplit(settings.BASE_URL)
    public = address.scheme == "https" and (address.hostname or "") not in LOCAL_HOSTS
    yield _judge(
        public, f"BASE_URL is {settings.BASE_URL}", "BASE_URL: set the public address, beginning with https://"
    )
    yield _judge(not settings.DEBUG, "DEBUG is off", "DEBUG: turn it off")
    yield _judge(not settings.DEMO, "the demonstration is off", "EKIP_DEMO: turn it off")
    yield _judge(
        bool(settings.OPERATOR["name"] and settings.OPERATOR["email"]),
        f"the operator is {settings.OPERATOR['name']}",
        "OPERATOR_NAME, OPERATOR_EMAIL: set them; the imprint and every mail name them",
    )
    sends = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    yield _judge(sends, "mail leaves by SMTP", "EMAIL_URL: set it, e.g. smtp+tls://user:password@mail.example.org:587")
    known_sender = not settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost")
    yield _judge(known_sender, f"the sender is {settings.DEFAULT_FROM_EMAIL}", "DEFAULT_FROM_EMAIL: set the sender")


def server_findings() -> Iterator[Finding]:
    """Whether the database and the broker answer, and whether the tables are up to date."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(False, f"DATABASE_URL: the database does not answer ({_first_line(error)})")
    else:
        yield Finding(True, "the database answers")
        yield _judge(not pending, "the tables are up to date", "run: manage.py migrate")
        examples = not pending and User.objects.filter(is_example=True).exists()
        yield _judge(not examples, "there are no example accounts", "DATABASE_URL: this is a demonstration's database")
    try:
        with Celery(broker=settings.CELERY_BROKER_URL, set_as_current=False).connection_for_write(
            connect_timeout=3
        ) as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
    except Exception as error:  # each transport raises its own classes
        yield Finding(False, f"REDIS_URL: the broker does not answer ({_first_line(error)})")
    else:
        yield Finding(True, "the broker answers")


def mail_finding(to: str) -> Finding:
    """Send a test mail to the address at once, and say what came of it."""
    text = letters.letter(name="", body="This is the test mail that the set-up was asked to send.", path="")
    try:
        EmailMessage(subject="Test mail of the ekip Engine", body=text, to=[people.checked_address(to)]).send()
    except Invalid:
        return Finding(False, f"--mail-to: {to} is no e-mail address")
    except OSError as error:
        return Finding(False, f"EMAIL_URL: the test mail was not taken ({_first_line(error)})")
    return Finding(True, f"the test mail to {to} was handed over")


def has_administrator() -> bool:
    """Whether somebody can already sign in as administrator."""
    return User.objects.filter(is_staff=True, is_active=True).exists()


def make_administrator(*, email: str, name: str, password: str, now: datetime) -> User:
    """Make an administrator's account.

    Raises:
        Invalid: the address is none or has an account, the name is empty, or the password is weak.
    """
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise Invalid(errors={"password": list(error.messages)}) from error
    return people.open_account(email=email, name=name, password=password, is_staff=True, now=now)


def _judge(fine: bool, good: str, bad: str) -> Finding:
    return Finding(fine, good if fine else bad)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
