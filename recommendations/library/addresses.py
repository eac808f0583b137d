"""Public ids and addresses of published things."""

from django.conf import settings
from django.urls import reverse

from recommendations.models.library import Edition


def edition_id(edition: Edition) -> str:
    """The public id of an edition whose publication is loaded: "<publication>.<number>"."""
    return f"{edition.publication.slug}.{edition.number}"


def edition_page(edition: Edition) -> str:
    """The path of the page of an edition whose publication is loaded."""
    return reverse("library:edition", args=[edition.publication.slug, edition.number])


def changes_page(edition: Edition) -> str:
    """The path of the page that says what changed in an edition; its publication is loaded, its number above 1."""
    return reverse("library:changes", args=[edition.publication.slug, edition.number])


def publication_page(slug: str) -> str:
    """The path of a publication's page, which always shows its newest edition."""
    return reverse("library:publication", args=[slug])


def edition_links(edition: Edition, content_hash: str) -> dict[str, str]:
    """The absolute addresses of an edition whose publication is loaded: page, self, publication, body."""
    paths = {
        "page": edition_page(edition),
        "self": reverse("api:edition", args=[edition_id(edition)]),
        "publication": reverse("api:publication", args=[edition.publication.slug]),
        "body": reverse("api:body", args=[edition_id(edition), content_hash]),
    }
    return {name: absolute(path) for name, path in paths.items()}


def absolute(path: str) -> str:
    """The address of a path of this site."""
    return f"{settings.BASE_URL}{path}"
