"""Write what zugao is delivered with as a CycloneDX 1.6 list, from the lock file, offline.

``python -m scripts.sbom [FILE]`` (default ``sbom.json``). The same lock gives the same bytes, so
two lists can be compared. Several hashes of a component are those of its files in the lock.
Format: ECMA-424, CycloneDX Bill of Materials, first edition (1.6).
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)(?: *; *([^\\]*[^\\ ]))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Pinned:
    """One requirement of a lock file."""

    name: str
    version: str
    marker: str  # where it is installed; "" for everywhere
    hashes: tuple[str, ...]


def read_lock(text: str) -> list[Pinned]:
    """The requirements of a lock file.

    Raises ValueError for a requirement without a version or a hash, and for an address.
    """
    found = []
    for entry in text.replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.startswith("#"):
            continue
        pin, hashes = _PIN.match(entry), tuple(_HASH.findall(entry))
        if pin is None or not hashes or "://" in entry or entry.startswith("-"):
            raise ValueError(f"not a pinned and hashed requirement: {entry[:80]}")
        marker = (pin[3] or "").split("--hash")[0].strip()
        found.append(Pinned(pin[1].lower(), pin[2], marker, hashes))
    return found


def bill(pins: list[Pinned], project: dict[str, Any]) -> dict[str, Any]:
    """The list, as a JSON object."""
    direct = {_plain(dependency) for dependency in project["dependencies"]}
    refs = {pin.name: f"pkg:pypi/{pin.name}@{pin.version}" for pin in pins}
    whole = f"{project['name']}@{project['version']}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, repr(pins) + whole)}",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": whole, "name": project["name"],
            "version": project["version"],
        }},
        "components": [_component(pin) for pin in pins],
        "dependencies": [
            {"ref": whole, "dependsOn": sorted(r for n, r in refs.items() if n in direct)}
        ],
    }  # fmt: skip


def _component(pin: Pinned) -> dict[str, Any]:
    purl = f"pkg:pypi/{pin.name}@{pin.version}"
    made: dict[str, Any] = {
        "type": "library", "bom-ref": purl, "name": pin.name, "version": pin.version, "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": one} for one in pin.hashes],
    }  # fmt: skip
    if pin.marker:
        made["properties"] = [{"name": "zugao:marker", "value": pin.marker}]
    return made


def _plain(dependency: str) -> str:
    found = _NAME.match(dependency)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def main() -> None:
    """Write the list."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "sbom.json"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = bill(read_lock(LOCK.read_text("utf-8")), project)
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{file}: {len(found['components'])} components")


if __name__ == "__main__":
    main()
