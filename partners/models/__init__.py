"""Rows of partners: people, organisations, places, where people met, and what is sent to people."""

from partners.models.gatherings import Attendance, Gathering
from partners.models.organisations import Membership, NetworkMembership, Organisation, Sector
from partners.models.outbox import Delivery, Notification
from partners.models.people import Invitation, RoleGrant, User
from partners.models.places import Ecosystem, EcosystemMember, Territory
from partners.models.reach import Absence, CalendarAddress, Choice, Rhythm

__all__ = [
    "Absence",
    "Attendance",
    "CalendarAddress",
    "Choice",
    "Delivery",
    "Ecosystem",
    "EcosystemMember",
    "Gathering",
    "Invitation",
    "Membership",
    "NetworkMembership",
    "Notification",
    "Organisation",
    "Rhythm",
    "RoleGrant",
    "Sector",
    "Territory",
    "User",
]
