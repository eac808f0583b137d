"""A gathering as somebody types it."""

from datetime import date

from partners.services.gatherings import GatheringDraft, Group

DRAFT = GatheringDraft(
    kind="policy_lab",
    title="A lab on shared rooms",
    held_on=date(2027, 2, 20),
    is_online=True,
    outcome="Rooms first, machines second.",
    attendance=(Group("academia", "NL", 4), Group("academia", "SE", 2), Group("industry", "SE", 9)),
)
