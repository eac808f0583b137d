"""The kinds of notification that there are, and the groups in which people choose how they hear of them.

The apps above register their own when they start. Who sends a kind that nobody registered is refused.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AT_ONCE, DIGEST = "at-once", "digest"


@dataclass(frozen=True)
class Group:
    """What people choose about as one: a line on the page of their notifications. `mail` holds until they choose.

    One that is not `offered` is none of their choices. Those of a higher `rank` come later on pages.
    """

    key: str
    label: str | Promise
    help: str | Promise = ""
    mail: str = AT_ONCE
    offered: bool = True
    rank: int = 0


@dataclass(frozen=True)
class Kind:
    """One kind of notification.

    An `essential` one goes out by mail at once and stands on the list, whatever its recipient chose. One that `waits`
    keeps to quiet hours and days off even where other mail does not. One that is not `listed` only goes out by mail.
    """

    key: str
    group: str
    label: str | Promise
    essential: bool = False
    waits: bool = False
    listed: bool = True


_groups: dict[str, Group] = {}
_kinds: dict[str, Kind] = {}

# What a kind was before anybody registered it, for rows that are older than the present kinds.
OTHER = Group("other", _("Other"))


def register_group(group: Group) -> None:
    """Make a group known; within a rank the order of registering is the order on pages.

    Raises:
        ValueError: the key names another group already.
    """
    if _groups.setdefault(group.key, group) != group:
        raise ValueError(f"there are two groups of notifications called {group.key!r}")


def register(kind: Kind) -> None:
    """Make a kind known.

    Raises:
        ValueError: the key names another kind already, or nobody registered its group.
    """
    if kind.group not in _groups:
        raise ValueError(f"the kind {kind.key!r} belongs to the group {kind.group!r}, which nobody registered")
    if _kinds.setdefault(kind.key, kind) != kind:
        raise ValueError(f"there are two kinds of notification called {kind.key!r}")


def is_registered(key: str) -> bool:
    """Whether the kind is known."""
    return key in _kinds


def kind_of(key: str) -> Kind:
    """The kind; for an unknown key one that stands under “Other”."""
    return _kinds.get(key) or Kind(key, OTHER.key, key)


def group_of(kind_key: str) -> Group:
    """The group of a kind; `OTHER` for an unknown one."""
    return _groups.get(kind_of(kind_key).group, OTHER)


def group(key: str) -> Group | None:
    """The group, or None."""
    return _groups.get(key)


def groups() -> list[Group]:
    """The groups that people choose about, in their order."""
    return sorted((group for group in _groups.values() if group.offered), key=lambda group: group.rank)


def all_kinds() -> list[Kind]:
    """All kinds, in their order."""
    return list(_kinds.values())


def keys_in(group_key: str) -> list[str]:
    """The keys of the kinds in a group."""
    return [kind.key for kind in _kinds.values() if kind.group == group_key]


def is_essential(group: Group) -> bool:
    """Whether every kind in the group is essential: there is nothing to choose."""
    members = [kind for kind in _kinds.values() if kind.group == group.key]
    return bool(members) and all(kind.essential for kind in members)


def register_own() -> None:
    """The kinds that this app sends itself."""
    register_group(
        Group(
            "account",
            _("Changes to my memberships and roles"),
            _("Somebody gave you a role, changed it or ended it."),
            rank=1,
        )
    )
    register(Kind("membership-role", "account", _("Another role in an organisation")))
    register(Kind("membership-ended", "account", _("A membership has ended")))
    register(Kind("role-granted", "account", _("A role on the platform")))
    register(Kind("role-ended", "account", _("A role on the platform has ended")))
    register_group(Group(DIGEST, _("The daily digest"), offered=False))
    register(Kind(DIGEST, DIGEST, _("Daily digest"), listed=False))
