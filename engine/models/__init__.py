"""Rows of the engine: definitions, runs with their gatherings, rounds and what reviewers say, decisions, events."""

from engine.models.cases import CityCase, Finding, Participation
from engine.models.decisions import Decision
from engine.models.definitions import ProcessDefinition, ProcessDraft, ProcessVersion, VersionWithdrawal
from engine.models.events import Checkpoint, CheckpointHead, Event, EventWords, SystemPulse
from engine.models.gatherings import RunGathering
from engine.models.mail_texts import MailText
from engine.models.points import Disposition, Point
from engine.models.reminders import Reminder
from engine.models.rounds import Answer, Assignment, Review, Round
from engine.models.runs import Pause, Run, Timer, Visit

__all__ = [
    "Answer",
    "Assignment",
    "Checkpoint",
    "CheckpointHead",
    "CityCase",
    "Decision",
    "Disposition",
    "Event",
    "EventWords",
    "Finding",
    "MailText",
    "Participation",
    "Pause",
    "Point",
    "ProcessDefinition",
    "ProcessDraft",
    "ProcessVersion",
    "Reminder",
    "Review",
    "Round",
    "Run",
    "RunGathering",
    "SystemPulse",
    "Timer",
    "VersionWithdrawal",
    "Visit",
]
