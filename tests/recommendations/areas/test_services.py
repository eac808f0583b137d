"""Keeping the register."""

import pytest

from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow
from partners.models import RoleGrant
from recommendations.areas import services
from recommendations.areas.services import AreaDraft, SourceDraft
from recommendations.models import Source
from tests import people
from tests.recommendations import rows

MEGABYTE = "x" * 1_000_000


@pytest.fixture
def area(vocabularies):
    """An identified area that lacks one source."""
    return rows.make_area(slug="harbours", sources=9)


def add(area, person, **fields):
    draft = SourceDraft(**{"title": "A survey", "kind": "survey", **fields})
    return services.add_source(area_id=area.pk, person=person, draft=draft)


def test_the_tenth_source_makes_the_area_eligible_to_be_selected(area, coordinator, now):
    with pytest.raises(NotNow) as refusal:
        services.select_area(area_id=area.pk, person=coordinator, now=now)
    assert (refusal.value.code, "lacks 1 source" in str(refusal.value)) == ("too-few-sources", True)
    add(area, coordinator)
    selected = services.select_area(area_id=area.pk, person=coordinator, now=now)
    assert (selected.selected_at, selected.selected_by) == (now, coordinator)


def test_selecting_twice_keeps_the_first_instant(area, coordinator, now):
    add(area, coordinator)
    for _ in range(2):
        selected = services.select_area(area_id=area.pk, person=coordinator, now=now)
    assert selected.selected_at == now


def test_a_source_counts_once_however_it_is_written(area, coordinator):
    add(area, coordinator, title="A Survey")
    with pytest.raises(Invalid) as refusal:
        add(area, coordinator, title=" a  survey ")
    assert refusal.value.code == "counted-already"
    assert area.sources.count() == 10


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": MEGABYTE}, "title"),
        ({"title": None}, "title"),
        ({"kind": "rumour"}, "kind"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"publisher": MEGABYTE}, "publisher"),
        ({"year": 1}, "year"),
    ],
)
def test_a_faulty_source_names_the_field(area, coordinator, fields, field):
    with pytest.raises(Invalid) as refusal:
        add(area, coordinator, **fields)
    assert list(refusal.value.errors) == [field]
    assert area.sources.count() == 9


def test_a_source_of_another_area_is_not_found(area, coordinator):
    elsewhere = rows.make_area(sources=1)
    with pytest.raises(NotFound):
        services.remove_source(area_id=area.pk, source_id=elsewhere.sources.get().pk, person=coordinator)
    assert Source.objects.filter(area=elsewhere).exists()


def test_declining_needs_a_reason_and_can_be_taken_back(area, coordinator, now):
    for reason in ("", "  ", MEGABYTE, None):
        with pytest.raises(Invalid) as refusal:
            services.decline_area(area_id=area.pk, person=coordinator, reason=reason, now=now)
        assert list(refusal.value.errors) == ["reason"]
    declined = services.decline_area(area_id=area.pk, person=coordinator, reason="Too near to ports.", now=now)
    assert (declined.declined_at, declined.decline_reason) == (now, "Too near to ports.")
    with pytest.raises(NotNow):
        services.select_area(area_id=area.pk, person=coordinator, now=now)
    reopened = services.reopen_area(area_id=area.pk, person=coordinator)
    assert (reopened.declined_at, reopened.declined_by, reopened.decline_reason) == (None, None, "")


def test_a_selected_area_can_be_declined_until_a_proposal_is_started(area, coordinator, author, organisation, now):
    add(area, coordinator)
    services.select_area(area_id=area.pk, person=coordinator, now=now)
    services.decline_area(area_id=area.pk, person=coordinator, reason="No.", now=now)
    services.reopen_area(area_id=area.pk, person=coordinator)
    services.select_area(area_id=area.pk, person=coordinator, now=now)
    rows.make_proposal(author, organisation, area, now=now)
    with pytest.raises(NotNow) as refusal:
        services.decline_area(area_id=area.pk, person=coordinator, reason="No.", now=now)
    assert (refusal.value.code, refusal.value.context["kept"]) == ("area-in-use", {"reason": "No."})


def test_only_coordinators_of_the_area_keep_it(area, author, now):
    elsewhere = people.make_person()
    people.grant(elsewhere, RoleGrant.Role.COORDINATOR, scope="area:another")
    for person in (author, elsewhere):
        for attempt in (
            lambda person=person: add(area, person),
            lambda person=person: services.select_area(area_id=area.pk, person=person, now=now),
            lambda person=person: services.decline_area(area_id=area.pk, person=person, reason="No.", now=now),
            lambda person=person: services.reopen_area(area_id=area.pk, person=person),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    here = people.make_person()
    people.grant(here, RoleGrant.Role.DEPUTY, scope="area:harbours")
    assert add(area, here).added_by == here


def test_a_coordinator_identifies_an_area(area, coordinator):
    draft = AreaDraft(title="Néw", cluster="cooperation", summary="A question.", source="https://example.org/")
    identified = services.identify_area(person=coordinator, draft=draft)
    assert (identified.slug, identified.title, identified.cluster.key) == ("new-2", "Néw", "cooperation")
    with pytest.raises(Invalid) as refusal:
        services.identify_area(person=coordinator, draft=AreaDraft(title="NEW", cluster="cooperation"))
    assert refusal.value.code == "identified-already"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": MEGABYTE}, "title"),
        ({"summary": MEGABYTE}, "summary"),
        ({"cluster": "nothing"}, "cluster"),
        ({"cluster": None}, "cluster"),
        ({"source": "javascript:alert(1)"}, "source"),
    ],
)
def test_a_faulty_area_names_the_field(area, coordinator, fields, field):
    draft = AreaDraft(**{"title": "Ports", "cluster": "cooperation", **fields})
    with pytest.raises(Invalid) as refusal:
        services.identify_area(person=coordinator, draft=draft)
    assert list(refusal.value.errors) == [field]


def test_only_who_keeps_the_whole_register_identifies_areas(area, author):
    here = people.make_person()
    people.grant(here, RoleGrant.Role.COORDINATOR, scope="area:harbours")
    for person in (author, here):
        with pytest.raises(NotAllowed):
            services.identify_area(person=person, draft=AreaDraft(title="Ports", cluster="cooperation"))
