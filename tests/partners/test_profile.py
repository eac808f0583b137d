import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners import languages, zones
from partners.middleware import ReaderZoneMiddleware
from tests import people

pytestmark = pytest.mark.django_db
PROFILE = "/profile/"


def test_a_person_changes_name_language_and_zone(sign_in, author):
    browser = sign_in(author)
    answers = {"name": "Hanna  Neu\n", "language": "nl", "time_zone": "America/Argentina/Buenos_Aires"}
    assert browser.post(PROFILE, answers).status_code == 302
    author.refresh_from_db()
    assert (author.name, author.sort_key) == ("Hanna Neu", "hanna neu")
    assert (author.language, author.time_zone) == ("nl", "America/Argentina/Buenos_Aires")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": " \n "},
        {"name": "x" * 1_000_000},
        {"name": "a\x00b"},
        {"language": "xx"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
    ],
)
def test_what_breaks_a_rule_is_kept_on_the_form_and_not_stored(sign_in, author, wrong):
    page = sign_in(author).post(PROFILE, {"name": "New", "language": "nl", "time_zone": "UTC"} | wrong)
    assert page.status_code == 422
    author.refresh_from_db()
    assert author.name == "Hanna Author"


def test_markup_in_a_name_appears_as_text(sign_in, author):
    browser = sign_in(author)
    browser.post(PROFILE, {"name": "<img src=x onerror=alert(1)>", "language": "nl", "time_zone": "UTC"})
    page = browser.get(PROFILE).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_it_lists_memberships_and_roles(sign_in, coordinator):
    page = sign_in(coordinator).get(PROFILE).content.decode()
    assert "Example Office" in page
    assert "Coordinator" in page
    for name in ("mfa_index", "usersessions_list", "account_change_password"):
        assert f'href="{reverse(name)}"' in page


def test_it_costs_the_same_at_1_and_at_50_memberships(sign_in, author, django_assert_num_queries):
    browser = sign_in(author)
    browser.get(PROFILE)
    with CaptureQueriesContext(connection) as few:
        browser.get(PROFILE)
    for number in range(49):
        people.join(author, people.make_organisation(f"Example {number}"))
    with django_assert_num_queries(len(few)):
        browser.get(PROFILE)


def test_times_are_shown_in_the_readers_zone(rf, author):
    author.time_zone = "Asia/Tokyo"
    request = rf.get("/")
    request.user = author
    assert ReaderZoneMiddleware(lambda r: timezone.get_current_timezone_name())(request) == "Asia/Tokyo"
    author.time_zone = "Gone/Away"
    assert ReaderZoneMiddleware(lambda r: timezone.get_current_timezone_name())(request) == "UTC"


def test_every_language_has_a_zone_that_can_be_chosen():
    assert len(languages.LANGUAGES) == 27
    assert {language.zone for language in languages.LANGUAGES} <= zones.names()


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en;q=0.3, de-AT", "de"),
        ("nb,en;q=0.5", "no"),
        ("zh-CN,ja", "en"),
        ("", "en"),
        ("fr;q=x, it;q=0.1", "it"),
    ],
)
def test_the_first_guess_of_a_language_is_the_browsers(header, tag):
    assert languages.preferred(header).tag == tag


def test_zones_are_grouped_with_europe_first():
    first, *_others, last = zones.choices()
    assert first[0] == "Europe"
    assert ("Europe/Stockholm", "Stockholm") in first[1]
    assert last == ("UTC", "UTC")
