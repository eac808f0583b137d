"""Who and where: territories, organisations, networks, ecosystems. A row that is there by its slug stays as it is."""

from ekip.demo.data_files import Row, rows
from partners.models import (
    Ecosystem,
    EcosystemMember,
    NetworkMembership,
    Organisation,
    Sector,
    Territory,
)


def load_register() -> int:
    """Store everything that is missing; the number of rows added."""
    return load_territories() + load_organisations() + load_networks() + load_ecosystems()


def load_territories() -> int:
    """Store the places that are missing; the number added."""
    known = set(Territory.objects.values_list("slug", flat=True))
    new = [row for row in rows("territories") if row["slug"] not in known]
    for row in new:
        Territory.objects.create(**row)
    return len(new)


def load_organisations() -> int:
    """Store the organisations that are missing, each with its sectors and its territory; the number added."""
    known = set(Organisation.objects.values_list("slug", flat=True))
    new = [row for row in rows("organisations") if row["slug"] not in known]
    sectors = {sector.key: sector for sector in Sector.objects.all()}
    places = {(place.name, place.country): place for place in Territory.objects.all()}
    for row in new:
        country = row.get("country", "")
        organisation = Organisation.objects.create(
            **{name: row[name] for name in _FACTS if name in row},
            territory=places.get((row.get("city", ""), country)) or places.get((row["name"], country)),
        )
        organisation.sectors.set(sectors[key] for key in row.get("sectors", ()))
    return len(new)


def load_networks() -> int:
    """Store which organisation is a member of which network; the number added."""
    by_slug = Organisation.objects.in_bulk(field_name="slug")
    return sum(
        NetworkMembership.objects.get_or_create(network=by_slug[row["network"]], member=by_slug[row["member"]])[1]
        for row in rows("networks", of="memberships")
    )


def load_ecosystems() -> int:
    """Store the ecosystems that are missing, with their members; the number added."""
    known = set(Ecosystem.objects.values_list("slug", flat=True))
    new = [row for row in rows("ecosystems") if row["slug"] not in known]
    places = Territory.objects.in_bulk(field_name="slug")
    members = Organisation.objects.in_bulk(field_name="slug")
    for row in new:
        ecosystem = _ecosystem(row, places[row["territory"]])
        EcosystemMember.objects.bulk_create(
            EcosystemMember(ecosystem=ecosystem, organisation=members[slug]) for slug in row["members"]
        )
    return len(new)


def _ecosystem(row: Row, territory: Territory) -> Ecosystem:
    return Ecosystem.objects.create(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        territory=territory,
        description=row["description"].strip(),
        source=row.get("source", ""),
        is_example=row.get("is_example", False),
    )


_FACTS = ("slug", "name", "kind", "description", "country", "city", "website", "is_network", "is_example", "source")
