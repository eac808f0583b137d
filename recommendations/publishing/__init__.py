"""Where the two halves meet: the only writer of published rows. Nothing here changes a row, except `redact_edition`."""

from recommendations.publishing.draft import EditionDraft, draft_from_revision
from recommendations.publishing.editions import free_slug, publish
from recommendations.publishing.notices import issue_notice
from recommendations.publishing.redaction import redact_edition

__all__ = [
    "EditionDraft",
    "draft_from_revision",
    "free_slug",
    "issue_notice",
    "publish",
    "redact_edition",
]
