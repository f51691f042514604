"""Announcing keys and hosts: the key table, and the trust list that the root signs."""

from dataclasses import replace
from datetime import datetime

from license_verify.lists.trust_list import KeyState, TrustedHost, TrustList
from registry_service.domain.key import SigningKey
from registry_service.issuing.signer import KeyRing
from registry_service.operations.draft_trust import (
    announced,
    draft_trust,
    issue_trust,
    next_version,
    says_more,
)
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

    A host that is not known yet becomes the one on which documents are issued. One that is keeps
    its place: acts on hosts, and no setting, decide once there are any.

    Returns:
        The trust list in force.

    Raises:
        SignerUnavailable: there is something new to say and the root's key is not here.
    """
    stored, second = tx.publication.trust(), now.replace(microsecond=0)
    if stored is None:
        first = TrustList(
            next_version(tx, 0), environment, second, announced(tx), (TrustedHost(host, second),)
        )
        return issue_trust(tx, ring, first)
    drafted = draft_trust(tx, now)
    known = any(entry.host == host for entry in drafted.hosts)
    hosts = drafted.hosts if known else (*drafted.hosts, TrustedHost(host, second))
    content = replace(drafted, environment=environment, hosts=hosts)
    if not says_more(content, trust_content(stored)):
        return stored
    return issue_trust(tx, ring, content)


def reissue_trust(tx: Transaction, ring: KeyRing, version: int, now: datetime) -> StoredTrust:
    """Issue the newest trust list again under a later version, with the keys of the table.

    Raises:
        SignerUnavailable: there is none to go by, or the root's key is not here.
    """
    return issue_trust(tx, ring, replace(draft_trust(tx, now), version=version))
