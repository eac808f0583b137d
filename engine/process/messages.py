"""Marking messages for translators. The rules speak English; whoever shows a message translates it."""


def _(message: str) -> str:
    """The message itself."""
    return message
