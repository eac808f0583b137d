"""The forms of answers, for the description of the API. Answers are plain data; nothing is parsed with these."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers as s

from partners.models import Organisation
from recommendations.api.provenance import ProvenanceSerializer, SourceSerializer
from recommendations.library.standing import Standing
from recommendations.models.library import Edition, Notice
from recommendations.models.vocabulary import BuildingBlock, Level

# Names for these stand in the settings (ENUM_NAME_OVERRIDES).
STANDINGS = [standing.value for standing in Standing]
LEVELS = Level.values
NOTICE_KINDS = Notice.Kind.values
BUILDING_BLOCK_KINDS = BuildingBlock.Kind.values
ORGANISATION_KINDS = Organisation.Kind.values
TEXT_BLOCKS = ("heading", "paragraph", "list_item", "table", "quote", "image", "footnote")


@extend_schema_field(
    {
        "type": "array",
        "description": "A text as a list of blocks, each with a lasting id, a language and runs of words.",
        "items": {
            "type": "object",
            "required": ["id", "kind", "lang"],
            "properties": {
                "id": {"type": "string"},
                "kind": {"type": "string", "description": f"One of {', '.join(TEXT_BLOCKS)}."},
                "lang": {"type": "string", "description": "Language tag (BCP 47)."},
                "runs": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["text"],
                        "properties": {"text": {"type": "string"}, "marks": {"type": "object"}},
                    },
                },
            },
        },
    }
)
class TextField(s.JSONField):
    """A text in the text form."""


class KeyLabelSerializer(s.Serializer):
    """An entry of a controlled list."""

    key = s.CharField()
    label = s.CharField()


class LevelSerializer(s.Serializer):
    """A level of government."""

    key = s.ChoiceField(choices=LEVELS)
    label = s.CharField()


class BlockSerializer(KeyLabelSerializer):
    """A building block, or a consideration beside them."""

    kind = s.ChoiceField(choices=BUILDING_BLOCK_KINDS)


class AreaOfSerializer(s.Serializer):
    """The policy area of a publication."""

    key = s.CharField()
    title = s.CharField()
    cluster = KeyLabelSerializer()


class AuthorSerializer(s.Serializer):
    """An organisation that stands as author."""

    key = s.CharField()
    name = s.CharField()
    kind = s.ChoiceField(choices=ORGANISATION_KINDS)
    country = s.CharField(allow_blank=True, help_text="ISO 3166 code, two letters.")


class EvidenceSerializer(s.Serializer):
    """A piece of evidence as it was cited."""

    key = s.CharField()
    title = s.CharField()
    kind = s.CharField()
    address = s.CharField(allow_blank=True)
    publisher = s.CharField(allow_blank=True)
    year = s.IntegerField(allow_null=True)
    note = s.CharField(allow_blank=True)


class SectionSerializer(s.Serializer):
    """A section of the text."""

    key = s.CharField()
    title = s.CharField()
    blocks = TextField()


class NoticeSerializer(s.Serializer):
    """What was said about an edition after it appeared."""

    kind = s.ChoiceField(choices=NOTICE_KINDS)
    text = s.CharField()
    issued_at = s.DateTimeField()
    successor = s.CharField(allow_null=True, help_text="Id of the edition to read instead.")
    successor_page = s.URLField(allow_null=True)
    changes_page = s.URLField(
        allow_null=True, help_text="What changed, where the successor is the next edition of the same publication."
    )


class NoticeInListSerializer(NoticeSerializer):
    """A notice with the edition that it is about."""

    edition = s.CharField()


class EditionLinksSerializer(s.Serializer):
    """The addresses of an edition."""

    self = s.URLField(help_text="The edition with its standing; ask again with If-None-Match.")
    page = s.URLField(help_text="The page for people.")
    publication = s.URLField()
    body = s.URLField(help_text="The document at the address of its content; may be kept for ever.")


class StatementSerializer(s.Serializer):
    """A recommendation inside an edition."""

    key = s.CharField(help_text="The same in every edition of the publication.")
    position = s.IntegerField()
    statement = s.CharField()
    rationale = TextField()
    guideline = TextField()
    levels = LevelSerializer(many=True)
    target_actors = KeyLabelSerializer(many=True)
    building_blocks = BlockSerializer(many=True)
    evidence = s.ListField(child=s.CharField(), help_text="Keys into the edition's evidence.")


class FrameSerializer(s.Serializer):
    """What a publication's entry and its edition both say."""

    title = s.CharField()
    summary = s.CharField(allow_blank=True)
    language = s.CharField(help_text="Language of the text (BCP 47).")
    area = AreaOfSerializer()
    authors = AuthorSerializer(many=True)
    levels = LevelSerializer(many=True)
    building_blocks = BlockSerializer(many=True)
    target_actors = KeyLabelSerializer(many=True)
    published_at = s.DateTimeField(help_text="When it appeared here; for an import, when it was entered.")
    first_published_on = s.CharField(
        allow_blank=True, help_text="Year, month or day of an earlier appearance elsewhere; empty when unknown."
    )
    origin = s.ChoiceField(choices=Edition.Origin.values)
    licence = s.CharField(help_text="SPDX name of the licence.")
    is_example = s.BooleanField(help_text="Whether it was invented for demonstration.")
    standing = s.ChoiceField(choices=STANDINGS)


class EditionSerializer(FrameSerializer):
    """An edition: the public document, its standing today and the notices about it."""

    id = s.CharField()
    publication = s.CharField()
    number = s.IntegerField()
    source = SourceSerializer(allow_null=True)
    recommendations = StatementSerializer(many=True)
    sections = SectionSerializer(many=True)
    evidence = EvidenceSerializer(many=True)
    provenance = ProvenanceSerializer(help_text="How the edition came about, as recorded when it was published.")
    revision_hash = s.CharField(allow_blank=True, help_text="SHA-256 of the reviewed text.")
    notices = NoticeSerializer(many=True)
    links = EditionLinksSerializer()


class PageLinksSerializer(s.Serializer):
    """The addresses of something that has a page."""

    self = s.URLField()
    page = s.URLField()


class PublicationEntrySerializer(FrameSerializer):
    """A publication in the list, described by its newest edition."""

    id = s.CharField()
    edition = s.CharField(help_text="Id of the newest edition.")
    serial = s.IntegerField(help_text="Grows with every change that is published; the order of `updated`.")
    recommendations = s.IntegerField(help_text="How many it makes.")
    links = PageLinksSerializer()


class EditionEntrySerializer(s.Serializer):
    """An edition in the list of its publication."""

    id = s.CharField()
    number = s.IntegerField()
    published_at = s.DateTimeField()
    standing = s.ChoiceField(choices=STANDINGS)
    content_hash = s.CharField()
    links = EditionLinksSerializer()


class PublicationSerializer(s.Serializer):
    """A publication with its newest edition, its notices and all its editions."""

    id = s.CharField()
    standing = s.ChoiceField(choices=STANDINGS)
    edition = EditionSerializer(allow_null=True)
    notices = NoticeInListSerializer(many=True)
    editions = EditionEntrySerializer(many=True)
    links = PageLinksSerializer()


class StatementLinksSerializer(s.Serializer):
    """The addresses of a recommendation."""

    self = s.URLField()
    page = s.URLField()
    edition = s.URLField()


class RecommendationSerializer(StatementSerializer):
    """A recommendation on its own, with what it cites and where it stands."""

    id = s.CharField()
    publication = s.CharField()
    edition = s.CharField()
    standing = s.ChoiceField(choices=STANDINGS, help_text="The standing of the edition.")
    notices = NoticeSerializer(many=True, help_text="What was said about the edition after it appeared.")
    title = s.CharField(help_text="The title of the edition.")
    language = s.CharField()
    area = AreaOfSerializer()
    evidence = EvidenceSerializer(many=True)
    licence = s.CharField()
    is_example = s.BooleanField()
    links = StatementLinksSerializer()


class TermSerializer(KeyLabelSerializer):
    """An entry of a controlled list with how often it is used."""

    description = s.CharField(allow_blank=True)
    publications = s.IntegerField(help_text="How many publications have it.")


class ClusterSerializer(TermSerializer):
    """A cluster of policy areas."""

    is_methodological = s.BooleanField()


class BuildingBlockSerializer(TermSerializer):
    """A building block, or a consideration beside them."""

    kind = s.ChoiceField(choices=BUILDING_BLOCK_KINDS)


class LibraryLinkSerializer(s.Serializer):
    """Where the publications of a policy area are listed."""

    library = s.URLField()


class AreaSerializer(s.Serializer):
    """A policy area of the register."""

    key = s.CharField()
    title = s.CharField()
    summary = s.CharField(allow_blank=True)
    cluster = KeyLabelSerializer()
    status = s.ChoiceField(choices=["identified", "selected", "declined"])
    lab_number = s.IntegerField(allow_null=True, help_text="Number of the policy lab where one is known.")
    source = s.CharField(allow_blank=True, help_text="Address of the page from which these facts come.")
    is_example = s.BooleanField()
    publications = s.IntegerField()
    links = LibraryLinkSerializer()


class OrganisationSerializer(s.Serializer):
    """An organisation of the register."""

    key = s.CharField()
    name = s.CharField()
    kind = s.ChoiceField(choices=ORGANISATION_KINDS)
    country = s.CharField(allow_blank=True, help_text="ISO 3166 code, two letters.")
    city = s.CharField(allow_blank=True)
    website = s.CharField(allow_blank=True)
    is_network = s.BooleanField()
    is_example = s.BooleanField(help_text="Whether it was invented for demonstration.")
    publications = s.IntegerField(help_text="How many publications it stands for as author.")


class ProblemSerializer(s.Serializer):
    """A problem document (RFC 9457)."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    code = s.CharField(help_text="Stable; made for programs.")
    detail = s.CharField()
    errors = s.DictField(required=False, help_text="By parameter: what was unknown and what is allowed.")
