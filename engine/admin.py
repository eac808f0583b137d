"""The engine in the admin site: everything can be looked at, nothing here moves a run.

Where a run stands is written by the transition service alone; rounds, reviews, points and decisions by their services.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from engine import models


class ReadOnly(admin.ModelAdmin):
    """Shows rows and their fields; adds, changes and deletes none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(models.ProcessDefinition)
class ProcessDefinitionAdmin(ReadOnly):
    """Processes by name."""

    list_display = ["title", "key"]


@admin.register(models.ProcessVersion)
class ProcessVersionAdmin(ReadOnly):
    """Immutable versions."""

    list_display = ["definition", "number", "published_at", "published_by"]
    list_select_related = ["definition", "published_by"]


@admin.register(models.VersionWithdrawal)
class VersionWithdrawalAdmin(ReadOnly):
    """Versions on which no new run starts."""

    list_display = ["version", "at", "by"]
    list_select_related = ["version__definition", "by"]


@admin.register(models.ProcessDraft)
class ProcessDraftAdmin(ReadOnly):
    """Drafts of further versions."""

    list_display = ["title", "key", "saved_at", "saved_by", "published"]
    list_select_related = ["saved_by", "published__definition"]


@admin.register(models.Run)
class RunAdmin(ReadOnly):
    """Runs, and those set aside with their error."""

    list_display = ["proposal", "version", "opened_at", "attempts"]
    list_select_related = ["proposal", "version__definition"]
    search_fields = ["proposal__title"]


@admin.register(models.Visit)
class VisitAdmin(ReadOnly):
    """Stays of runs in stages."""

    list_display = ["run", "stage", "number", "entered_at", "left_at", "left_by"]
    list_filter = ["stage"]
    list_select_related = ["run__proposal"]


@admin.register(models.Timer)
class TimerAdmin(ReadOnly):
    """What is due in visits."""

    list_display = ["visit", "key", "due_at", "fired_at", "cancelled_at"]
    list_select_related = ["visit__run__proposal"]


@admin.register(models.RunGathering)
class RunGatheringAdmin(ReadOnly):
    """Which gatherings runs draw on."""

    list_display = ["run", "gathering"]
    list_select_related = ["run__proposal", "gathering"]


@admin.register(models.Round)
class RoundAdmin(ReadOnly):
    """Review rounds."""

    list_display = ["visit", "key", "opened_at", "closes_at", "closed_at", "cancelled_at"]
    list_select_related = ["visit__run__proposal"]


@admin.register(models.Assignment)
class AssignmentAdmin(ReadOnly):
    """Who was asked to review."""

    list_display = ["reviewer", "round", "invited_at", "accepted_at", "declined_at", "barred_at"]
    list_select_related = ["reviewer", "round__visit__run__proposal"]


@admin.register(models.Review)
class ReviewAdmin(ReadOnly):
    """Reviews, drafts too."""

    list_display = ["assignment", "advice", "saved_at", "submitted_at"]
    list_select_related = ["assignment__reviewer", "assignment__round__visit__run__proposal"]


@admin.register(models.Answer)
class AnswerAdmin(ReadOnly):
    """Answers to criteria."""

    list_display = ["review", "criterion", "score"]
    list_select_related = ["review__assignment__reviewer", "review__assignment__round__visit__run__proposal"]


@admin.register(models.Point)
class PointAdmin(ReadOnly):
    """Reviewers' remarks."""

    list_display = ["review_id", "number", "place", "must_answer"]


@admin.register(models.Disposition)
class DispositionAdmin(ReadOnly):
    """What became of points."""

    list_display = ["point", "outcome", "owner", "disposed_at"]
    list_select_related = ["point", "owner"]


@admin.register(models.Decision)
class DecisionAdmin(ReadOnly):
    """Decisions with what was known."""

    list_display = ["visit", "outcome", "decided_by", "decided_at"]
    list_select_related = ["visit__run__proposal", "decided_by"]


@admin.register(models.Event)
class EventAdmin(ReadOnly):
    """The hash-chained record."""

    list_display = ["run", "number", "kind", "at", "actor"]
    list_filter = ["kind"]
    list_select_related = ["run__proposal", "actor"]


@admin.register(models.EventWords)
class EventWordsAdmin(ReadOnly):
    """The erasable words beside the record."""

    list_display = ["event_id"]


@admin.register(models.Reminder)
class ReminderAdmin(ReadOnly):
    """The ledger of reminders."""

    list_display = ["rule", "about", "recipient", "due_at", "send_at", "sent_at", "dropped_at", "drop_reason"]
    list_filter = ["drop_reason"]
    list_select_related = ["recipient"]


@admin.register(models.SystemPulse)
class SystemPulseAdmin(ReadOnly):
    """When the machinery was last seen alive."""

    list_display = ["part", "seen_at"]
