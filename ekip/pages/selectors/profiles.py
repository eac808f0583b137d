"""One organisation, ecosystem or territory, with what is publicly known of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ekip.shared.errors import NotFound
from engine.selectors.process import public_proposals
from engine.selectors.proposals import Standing, standings
from partners.countries import country_name
from partners.models import Ecosystem, EcosystemMember, Organisation, Territory
from recommendations.library.documents import PublicEdition
from recommendations.library.selectors import publications_of_organisation


@dataclass(frozen=True)
class Profile:
    """An organisation: to what it belongs, who belongs to it, what it published, which public proposals it leads."""

    organisation: Organisation
    country: str
    sectors: tuple[str, ...]
    networks: tuple[Organisation, ...]
    members: tuple[Organisation, ...]
    ecosystems: tuple[EcosystemMember, ...]
    publications: tuple[PublicEdition, ...]
    proposals: tuple[Standing, ...]


@dataclass(frozen=True)
class Place:
    """A territory: what it lies in, what lies in it, and who is there."""

    territory: Territory
    country: str
    parts: tuple[Territory, ...]
    ecosystems: tuple[Ecosystem, ...]
    organisations: tuple[Organisation, ...]


def organisation_profile(slug: str) -> Profile:
    """The organisation with that key; NotFound."""
    organisation = Organisation.objects.select_related("territory").filter(slug=slug).first()
    if organisation is None:
        raise NotFound
    return Profile(
        organisation=organisation,
        country=country_name(organisation.country),
        sectors=tuple(sector.label for sector in organisation.sectors.all()),
        networks=tuple(Organisation.objects.filter(pk__in=organisation.network_memberships.values("network"))),
        members=members_of(organisation),
        ecosystems=tuple(
            organisation.ecosystem_memberships.select_related("ecosystem").order_by("ecosystem__sort_key")
        ),
        publications=tuple(publications_of_organisation(slug)),
        proposals=tuple(standings(public_proposals().filter(lead_organisation=organisation, hides_authors=False))),
    )


def members_of(network: Organisation) -> tuple[Organisation, ...]:
    """The organisations that belong to a network, by name; none for what is no network."""
    if not network.is_network:
        return ()
    return tuple(Organisation.objects.filter(network_memberships__network=network))


def ecosystem(slug: str) -> Ecosystem:
    """The ecosystem with that key; NotFound."""
    found = Ecosystem.objects.select_related("territory").filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def ecosystem_members(place: Ecosystem) -> Iterable[EcosystemMember]:
    """Who takes part in an ecosystem, by name."""
    return place.memberships.select_related("organisation").order_by("organisation__sort_key")


def territory_profile(slug: str) -> Place:
    """The territory with that key; NotFound."""
    territory = Territory.objects.select_related("parent").filter(slug=slug).first()
    if territory is None:
        raise NotFound
    return Place(
        territory=territory,
        country=country_name(territory.country),
        parts=tuple(territory.parts.all()),
        ecosystems=tuple(territory.ecosystems.all()),
        organisations=tuple(territory.seated.all()),
    )
