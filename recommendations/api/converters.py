"""Parts of the API's addresses: ids made of a publication's key, a full stop and something within it."""


class EditionId:
    """ "<publication>.<number>", as the two parts."""

    regex = r"[-a-zA-Z0-9_]+\.[0-9]{1,6}"

    def to_python(self, value: str) -> tuple[str, int]:
        """The publication's key and the number."""
        slug, _, number = value.partition(".")
        return slug, int(number)

    def to_url(self, value: str) -> str:
        """The id as it is."""
        return value


class RecommendationId:
    """ "<publication>.<key>", as the two parts."""

    regex = r"[-a-zA-Z0-9_]+\.[-a-zA-Z0-9_]+"

    def to_python(self, value: str) -> tuple[str, str]:
        """The publication's key and the recommendation's."""
        slug, _, key = value.partition(".")
        return slug, key

    def to_url(self, value: str) -> str:
        """The id as it is."""
        return value
