"""Rows of partners: people, organisations, places, and what is sent to people."""

from partners.models.organisations import Membership, NetworkMembership, Organisation, Sector
from partners.models.outbox import Delivery, Notification
from partners.models.people import Invitation, RoleGrant, User
from partners.models.places import Ecosystem, EcosystemMember, Territory

__all__ = [
    "Delivery",
    "Ecosystem",
    "EcosystemMember",
    "Invitation",
    "Membership",
    "NetworkMembership",
    "Notification",
    "Organisation",
    "RoleGrant",
    "Sector",
    "Territory",
    "User",
]
