"""Codes as an authenticator app shows them."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

PERIOD = 30
ENOUGH = 12


def code_now(secret: str) -> str:
    """The code of these thirty seconds; shortly before their end the next one, for a busy machine types slowly."""
    left = PERIOD - time.time() % PERIOD
    if left < ENOUGH:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))
