"""Announcing keys and hosts: the key table, and the trust list that the root signs."""

from dataclasses import replace
from datetime import datetime

from license_verify.lists.trust_list import (
    KeyState,
    TrustedHost,
    TrustedKey,
    TrustList,
    sign_trust_list,
)
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import KeyUse, SigningKey
from registry_service.issuing.signer import KeyRing
from registry_service.operations.intend import trust_content
from registry_service.store.publication import StoredTrust
from registry_service.store.transaction import Transaction


def establish_keys(tx: Transaction, ring: KeyRing, now: datetime) -> KeyRing:
    """Enter keys of the folder that the table does not know.

    A use without an active key gets the first of them as active, others wait as `next`.

    Returns:
        The ring, signing with the keys that are active now.
    """
    known = {key.kid for key in tx.keys.every()}
    active = tx.keys.active()
    second = now.replace(
        microsecond=0
    )  # so that a token of this very second counts as signed in time
    for kid, use, public in sorted(ring.public_keys(), key=lambda row: row[0]):
        if kid in known:
            continue
        state = KeyState.NEXT if use in active else KeyState.ACTIVE
        since = second if state is KeyState.ACTIVE else None
        tx.keys.add(SigningKey(kid, use, public, state, second, since))
        active.setdefault(use, kid)
    return ring.with_active(active)


def publish_trust(
    tx: Transaction, ring: KeyRing, host: str, environment: str, now: datetime
) -> StoredTrust:
    """Issue a trust list if keys, host or environment differ from the newest one.

    A host once accepted stays so: codes on shop walls name it. The last host is the one on which
    documents are issued.

    Returns:
        The trust list in force.

    Raises:
        SignerUnavailable: there is something new to say and the root's key is not here.
    """
    stored = tx.publication.trust()
    before = trust_content(stored) if stored else None
    second = now.replace(microsecond=0)
    hosts = _with_host(before.hosts if before else (), host, second)
    keys = _announced(tx)
    links = before.root_links if before else ()
    version = max(stored.version + 1 if stored else 1, tx.recoveries.trust_floor())
    content = TrustList(version, environment, second, keys, hosts, links)
    if (
        stored
        and before
        and replace(content, version=before.version, issued_at=before.issued_at) == before
    ):
        return stored
    return _issue(tx, ring, content)


def reissue_trust(tx: Transaction, ring: KeyRing, version: int, now: datetime) -> StoredTrust:
    """Issue the newest trust list again under a later version, with the keys of the table.

    Raises:
        SignerUnavailable: there is none to go by, or the root's key is not here.
    """
    stored = tx.publication.trust()
    if stored is None:
        raise SignerUnavailable("no trust list is published yet", zh="信任列表尚未发布")
    before, second = trust_content(stored), now.replace(microsecond=0)
    content = replace(
        before,
        version=version,
        issued_at=max(second, before.issued_at),
        keys=_announced(tx),
    )
    return _issue(tx, ring, content)


def _announced(tx: Transaction) -> tuple[TrustedKey, ...]:
    return tuple(key.trusted() for key in tx.keys.every() if key.use is not KeyUse.ROOT)


def _issue(tx: Transaction, ring: KeyRing, content: TrustList) -> StoredTrust:
    kid, sign = ring.sign(KeyUse.ROOT)
    signed = sign_trust_list(content, kid=kid, sign=sign)
    issued = StoredTrust(content.version, signed, content.issued_at)
    tx.publication.add_trust(issued)
    return issued


def _with_host(hosts: tuple[TrustedHost, ...], host: str, now: datetime) -> tuple[TrustedHost, ...]:
    """The hosts with `host` last; one that was accepted before keeps its date."""
    known = next((entry for entry in hosts if entry.host == host), TrustedHost(host, now))
    return (*(entry for entry in hosts if entry.host != host), known)
