"""Changing a proposal. Every service takes the row lock first and checks after it."""

from recommendations.drafting.services.authors import add_co_author, remove_co_author
from recommendations.drafting.services.evidence import EvidenceDraft, add_evidence, remove_evidence
from recommendations.drafting.services.proposals import (
    archive_proposal,
    delete_draft,
    restore_draft,
    save_details,
    start_proposal,
    unarchive_proposal,
)
from recommendations.drafting.services.recommendations import (
    RecommendationDraft,
    add_recommendation,
    move_recommendation,
    remove_recommendation,
    save_recommendation,
)
from recommendations.drafting.services.revisions import freeze_revision
from recommendations.drafting.services.sections import save_section

__all__ = [
    "EvidenceDraft",
    "RecommendationDraft",
    "add_co_author",
    "add_evidence",
    "add_recommendation",
    "archive_proposal",
    "delete_draft",
    "freeze_revision",
    "move_recommendation",
    "remove_co_author",
    "remove_evidence",
    "remove_recommendation",
    "restore_draft",
    "save_details",
    "save_recommendation",
    "save_section",
    "start_proposal",
    "unarchive_proposal",
]
