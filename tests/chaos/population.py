"""Who takes part, and where: policy areas, organisations and people, made before anything begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from partners.models import Ecosystem, Membership, Organisation, RoleGrant, Territory, User
from recommendations.models import PolicyArea
from tests.engine.stories import load_reference, make_area
from tests.people import grant, make_organisation, make_person

ZONES = ("Europe/Lisbon", "Europe/Amsterdam", "Europe/Athens", "Europe/Helsinki")
COUNTRIES = ("PT", "NL", "GR", "FI", "SI", "IT")
KINDS = ("government", "industry", "academia", "civil_society", "intermediary")
AREAS, AUTHORS, REVIEWERS, CITIES = 10, 20, 30, 10
UNBRIEFED = 3


def populate(*, now: datetime) -> None:
    """Make everybody. The last areas wait for their briefings."""
    load_reference()
    for number in range(AREAS):
        area = make_area(f"area-{number}", briefed=number < AREAS - UNBRIEFED, now=now)
        grant(_person("coordinator", number), RoleGrant.Role.COORDINATOR, f"area:{area.slug}")
    grant(_person("deputy", 0), RoleGrant.Role.DEPUTY, "area:area-0")
    grant(_person("decider", 0), RoleGrant.Role.DECIDER)
    for number in range(AUTHORS):
        _person("author", number, role=Membership.Role.DRAFTER)
    for number in range(REVIEWERS):
        _person("reviewer", number)
    for number in range(CITIES):
        _person("facilitator", number)
        territory = Territory.objects.create(
            slug=f"example-{number}", name=f"Example {number}", level="municipality", is_example=True
        )
        names = {"slug": f"example-city-{number}", "name": f"Example City {number}"}
        Ecosystem.objects.create(**names, kind="city", territory=territory, is_example=True)


def _person(part: str, number: int, *, role: str = Membership.Role.MEMBER) -> User:
    """Everybody has an organisation of their own: nobody is barred by a conflict of interest."""
    organisation = make_organisation(
        f"Example {part} {number}", country=COUNTRIES[number % len(COUNTRIES)], kind=KINDS[number % len(KINDS)]
    )
    return make_person(
        f"{part.title()} {number}",
        email=f"{part}-{number}@example.org",
        organisation=organisation,
        role=role,
        time_zone=ZONES[number % len(ZONES)],
    )


@dataclass(frozen=True)
class Cast:
    """Everybody, read back from the database."""

    areas: list[PolicyArea]
    coordinators: dict[int, User]
    decider: User
    authors: list[tuple[User, Organisation]]
    reviewers: list[User]
    facilitators: list[User]
    ecosystems: list[Ecosystem]


def read_cast() -> Cast:
    """Everybody whom `populate` has made."""
    people = {person.email.partition("@")[0]: person for person in User.objects.all()}
    areas = list(PolicyArea.objects.filter(slug__startswith="area-").order_by("slug"))
    homes = {
        row.person_id: row.organisation
        for row in Membership.objects.filter(role=Membership.Role.DRAFTER).select_related("organisation")
    }
    authors = [people[f"author-{number}"] for number in range(AUTHORS)]
    return Cast(
        areas=areas,
        coordinators={area.pk: people[f"coordinator-{area.slug.removeprefix('area-')}"] for area in areas},
        decider=people["decider-0"],
        authors=[(person, homes[person.pk]) for person in authors],
        reviewers=[people[f"reviewer-{number}"] for number in range(REVIEWERS)],
        facilitators=[people[f"facilitator-{number}"] for number in range(CITIES)],
        ecosystems=list(Ecosystem.objects.filter(slug__startswith="example-city-").order_by("pk")),
    )
