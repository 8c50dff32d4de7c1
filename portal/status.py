"""What runs in a data folder: for people, and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from culturape_portal.parts import external_address
from culturape_portal.ports import LOOPBACK, answers
from culturape_portal.process import Identity, is_alive

if TYPE_CHECKING:
    from culturape_portal.state import DataFolder, Memory


def status(data: DataFolder) -> dict[str, Any]:
    """The address and the state of each part."""
    run, memory = data.run(), data.memory()
    parts = {name: _part(data, memory, name, identity) for name, identity in run.parts.items()}
    parts |= {name: {"state": "external", "address": external_address(name)} for name in run.external}
    running = data.exists() and data.in_use()
    phase = run.phase if running else None
    return {
        "state": "running" if phase in {"ready", "seeding"} else phase or "stopped",
        "phase": phase,
        "url": run.url if running else None,
        "ckan": memory.ckan or None,
        "data": str(data.path),
        "parts": parts,
    }


def _part(data: DataFolder, memory: Memory, name: str, identity: Identity) -> dict[str, Any]:
    port = memory.ports.get(name)
    state = "running"
    if not is_alive(identity):
        state = "stopped"
    elif port and not answers(port, memory.host if name == "web" else LOOPBACK):
        state = "not answering"
    return {"state": state, "pid": identity.pid, "port": port, "log": str(data.log(name))}


def as_text(found: dict[str, Any], as_json: bool) -> str:
    """The status for people, or for programs."""
    if as_json:
        return json.dumps(found, indent=1)
    lines = [f"{found['state']}  {found['url'] or ''}".rstrip(), f"data: {found['data']}"]
    for name, part in found["parts"].items():
        place = part.get("address") or (f"port {part['port']}" if part.get("port") else "")
        lines.append(f"  {name:<9} {part['state']:<14} {place}".rstrip())
    return "\n".join(lines)
