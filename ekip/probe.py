"""Asks a running site how it is, for health checks: `python -m ekip.probe ADDRESS [member=value]`.

Ends with 0 when the address answers 200 and, if asked, the member of its JSON answer has that value. It names a host
that the site serves, whatever name the address has for it inside the machine.
"""

import json
import os
import sys
import urllib.request
from collections.abc import Sequence

TIMEOUT = 5


def main(arguments: Sequence[str]) -> int:
    """Ask once and give the exit status."""
    address, *expected = arguments
    request = urllib.request.Request(address, headers={"Host": served_host(os.environ.get("ALLOWED_HOSTS", ""))})  # noqa: S310  the address is the operator's own
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT) as response:
            answer = response.read()
    except OSError as error:
        print(f"{address}: {error}", file=sys.stderr)
        return 1
    for member, value in (pair.split("=", 1) for pair in expected):
        if str(json.loads(answer).get(member)) != value:
            print(f"{address}: {answer.decode()}", file=sys.stderr)
            return 1
    return 0


def served_host(allowed_hosts: str) -> str:
    """A host name that ALLOWED_HOSTS lets through: its first entry, without the signs of a pattern."""
    return allowed_hosts.split(",")[0].strip().strip("*.") or "localhost"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
