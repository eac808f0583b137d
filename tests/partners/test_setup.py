import io

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from partners.models import User
from partners.services import installation

pytestmark = pytest.mark.django_db
ANSWERS = {"email": "Keeper@Example.org", "name": "Katrin Keeper"}


@pytest.fixture
def ready(settings, monkeypatch):
    """Settings as a public installation has them, and the password in the environment."""
    settings.SECRET_KEY = "k3y-" + "abcdefghijklmnop" * 4
    settings.BASE_URL = "https://ekip.example.org"
    settings.DEBUG = settings.DEMO = False
    settings.OPERATOR = {"name": "Example Office", "address": "", "email": "office@example.org"}
    settings.DEFAULT_FROM_EMAIL = "ekip Engine <no-reply@example.org>"
    monkeypatch.setattr(installation, "server_findings", lambda: [installation.Finding(True, "the servers answer")])
    monkeypatch.setattr(
        installation, "settings_findings", lambda real=installation.settings_findings: _with_smtp(real, settings)
    )
    monkeypatch.setenv("SETUP_PASSWORD", "seven quiet harbours")


def _with_smtp(real, settings):
    locmem, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    findings = list(real())
    settings.EMAIL_BACKEND = locmem
    return findings


def run(**options) -> str:
    out = io.StringIO()
    call_command("setup", stdout=out, no_color=True, **options)
    return out.getvalue()


def test_it_makes_the_first_administrator_once(ready):
    assert "keeper@example.org is an administrator now" in run(**ANSWERS).lower()
    person = User.objects.get()
    assert (person.is_staff, person.is_superuser, person.name) == (True, True, "Katrin Keeper")
    assert person.check_password("seven quiet harbours")
    assert person.emailaddress_set.get().verified
    run(**ANSWERS)
    run()
    assert User.objects.count() == 1


def test_a_weak_password_is_refused(ready, monkeypatch):
    monkeypatch.setenv("SETUP_PASSWORD", "password")
    with pytest.raises(CommandError):
        run(**ANSWERS)
    assert not User.objects.exists()


def test_without_a_terminal_it_says_what_it_needs(ready, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="To be mended: 1"):
        run()


def test_it_sends_a_test_mail(ready):
    assert "fine  the test mail to a@example.org was handed over" in run(**ANSWERS, mail_to="a@example.org")
    assert mail.outbox[0].subject == "Test mail of the ekip Engine"


def test_it_says_what_to_mend(settings):
    settings.SECRET_KEY, settings.BASE_URL, settings.DEBUG, settings.DEMO = "dev", "http://127.0.0.1:8000", True, True
    settings.OPERATOR = {"name": "", "address": "", "email": ""}
    texts = [finding.text for finding in installation.settings_findings() if not finding.fine]
    names = [text.split(":")[0].split(",")[0] for text in texts]
    assert names == [
        "SECRET_KEY",
        "BASE_URL",
        "DEBUG",
        "EKIP_DEMO",
        "OPERATOR_NAME",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
    ]


def test_a_broker_that_is_away_is_reported(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    (finding,) = [finding for finding in installation.server_findings() if not finding.fine]
    assert finding.text.startswith("REDIS_URL: the broker does not answer")


def test_a_mail_server_that_is_away_is_reported(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert not installation.mail_finding("a@example.org").fine
