"""How this project meets Prefect: environment, address, and a cheap look whether a server is up.

Nothing here imports Prefect: its import alone costs a second, and its settings are read from the
environment at that moment, so they must be in place before.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import MutableMapping
from pathlib import Path


def is_up(api_url: str, *, timeout: float = 0.5) -> bool:
    """Whether a Prefect server answers at ``api_url`` (one small request, half a second)."""
    if not api_url.startswith(("http://", "https://")):
        return False
    request = urllib.request.Request(f"{api_url.rstrip('/')}/health")  # noqa: S310  checked above
    # No proxy: the server is on this machine or in this network.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def prepare(
    home: Path,
    api_url: str | None,
    *,
    level: str = "WARNING",
    environment: MutableMapping[str, str] = os.environ,
) -> None:
    """Set what Prefect reads at import; what the person set already is left alone.

    Without ``api_url`` a temporary server is started by Prefect itself, with its own database in
    the working folder, so that an office's runs never mix with others of the same account.
    """
    defaults = {
        "PREFECT_HOME": str(home.absolute() / "prefect"),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": level,
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        # A busy office computer needs longer than the 20 s that Prefect allows by default.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    }
    for name, value in defaults.items():
        environment.setdefault(name, value)
    if api_url:
        environment["PREFECT_API_URL"] = api_url
    else:
        environment.pop("PREFECT_API_URL", None)
        environment["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "true"
