"""What those present are shown before the root signs; each line comes into the transcript."""

from collections.abc import Iterator
from datetime import datetime

from license_verify.lists.trust_list import TrustList
from license_verify.token import cose
from registry_service.ceremony.draft import Draft


def told(draft: Draft, before: TrustList, after: TrustList) -> Iterator[str]:
    """The draft in words: what it changes, then all that it says."""
    yield f"draft SHA-256 {draft.digest.hex()}"
    yield f"environment {after.environment}"
    yield f"trust list {before.version} → {after.version}"
    yield f"issued at {_time(after.issued_at)}"
    changes = list(_changes(before, after))
    yield from changes or ["nothing changes but version and date"]
    for key in after.keys:
        until = f" until {_time(key.until)}" if key.until else ""
        yield f"key {key.kid.hex()} {key.use} {key.state} from {_time(key.since)}{until}"
    for host in after.hosts:
        until = f" until {_time(host.until)}" if host.until else ""
        yield f"host {host.host} from {_time(host.since)}{until}"
    for link in after.root_links:
        yield f"root link {link.old[:8].hex()} → {cose.kid_of(link.new).hex()}"


def _changes(before: TrustList, after: TrustList) -> Iterator[str]:
    known = {key.kid: key for key in before.keys}
    for key in after.keys:
        if key.kid not in known:
            yield f"NEW key {key.kid.hex()} {key.use} {key.state}"
        elif known[key.kid].state is not key.state:
            yield f"CHANGED key {key.kid.hex()} {key.use} {known[key.kid].state} → {key.state}"
        elif known[key.kid] != key:
            yield f"CHANGED key {key.kid.hex()} {key.use}: its span"
    for gone in known.keys() - {key.kid for key in after.keys}:
        yield f"GONE key {gone.hex()} {known[gone].use}"
    hosts = {host.host: host for host in before.hosts}
    for host in after.hosts:
        if host.host not in hosts:
            yield f"NEW host {host.host}"
        elif hosts[host.host] != host:
            yield f"CHANGED host {host.host}"
    for name in hosts.keys() - {host.host for host in after.hosts}:
        yield f"GONE host {name}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
