"""The next trust list: what it says, and how it comes to be signed by the root."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from license_verify import limits
from license_verify.lists.trust_list import (
    TYP,
    KeyState,
    TrustedHost,
    TrustedKey,
    TrustList,
    open_trust_list,
    sign_trust_list,
)
from license_verify.refusal import Refusal
from license_verify.token import cose
from registry_service.domain.authority import ActName
from registry_service.domain.errors import SignerUnavailable, TrustListRefused
from registry_service.domain.key import KeyUse, SigningKey
from registry_service.domain.key_act import KeyAct
from registry_service.issuing.signer import KeyRing
from registry_service.operations.intend import trust_content
from registry_service.store.publication import StoredTrust
from registry_service.store.transaction import Transaction


def newest_trust(tx: Transaction) -> TrustList:
    """What the trust list in force says.

    Raises:
        SignerUnavailable: none is published yet.
    """
    stored = tx.publication.trust()
    if stored is None:
        raise SignerUnavailable("no trust list is published yet: run `init`", zh="信任列表尚未发布")
    return trust_content(stored)


def draft_trust(tx: Transaction, now: datetime) -> TrustList:
    """What the next trust list says: the keys of the table, and what was done to hosts since.

    Raises:
        SignerUnavailable: none is published yet to go by.
    """
    before = newest_trust(tx)
    return replace(
        before,
        version=next_version(tx, before.version),
        issued_at=max(now.replace(microsecond=0), before.issued_at),
        keys=announced(tx),
        hosts=hosts_after(before.hosts, tx.key_acts.on_hosts()),
    )


def next_version(tx: Transaction, version: int) -> int:
    """The version that follows; never one that a lost database may have given."""
    return max(version + 1, tx.recoveries.trust_floor())


def announced(tx: Transaction) -> tuple[TrustedKey, ...]:
    """The table's keys as a trust list names them."""
    return tuple(key.trusted() for key in tx.keys.every() if key.use is not KeyUse.ROOT)


def hosts_after(hosts: tuple[TrustedHost, ...], acts: Iterable[KeyAct]) -> tuple[TrustedHost, ...]:
    """Hosts once acts on them are done; those that a list knows already change nothing.

    The last host without an end is the one on which documents are issued.
    """
    known = {host.host: host for host in hosts}
    for done in acts:
        host, at = done.wish.subject, done.answered_at
        if at is None:
            continue
        second = at.replace(microsecond=0)
        if done.wish.act is ActName.ADD_HOST:
            known.setdefault(host, TrustedHost(host, second))
        elif host in known and known[host].until is None:
            known[host] = replace(known[host], until=second)
    ended = [host for host in known.values() if host.until is not None]
    return (*ended, *(host for host in known.values() if host.until is None))


def says_more(content: TrustList, before: TrustList) -> bool:
    """Whether a list says anything that the one before does not."""
    return replace(content, version=before.version, issued_at=before.issued_at) != before


def publish_draft(tx: Transaction, ring: KeyRing, now: datetime) -> bool:
    """Publish what is new, if there is anything and the root's key is here.

    Returns:
        Whether the newest list says all that there is to say; if not, a ceremony is due.
    """
    content = draft_trust(tx, now)
    if not says_more(content, newest_trust(tx)):
        return True
    try:
        issue_trust(tx, ring, content)
    except SignerUnavailable:
        return False
    return True


def issue_trust(tx: Transaction, ring: KeyRing, content: TrustList) -> StoredTrust:
    """Sign a list with the active root and put it in force.

    Raises:
        SignerUnavailable: the root's key is not here.
    """
    kid, sign = ring.with_active(tx.keys.active()).sign(KeyUse.ROOT)
    signed = sign_trust_list(content, kid=kid, sign=sign)
    issued = StoredTrust(content.version, signed, content.issued_at)
    tx.publication.add_trust(issued)
    return issued


def take_trust(tx: Transaction, signed: bytes, now: datetime) -> StoredTrust:
    """Put a list in force that the root signed elsewhere; it may bring a change of root along.

    Raises:
        TrustListRefused: no root of this register signed it, or it says something else than the
            register's next list would.
    """
    active = tx.keys.active().get(KeyUse.ROOT)
    roots = tuple(key.key for key in tx.keys.every() if key.kid == active)
    try:
        content = open_trust_list(signed, roots)
    except Refusal as error:
        raise TrustListRefused(
            f"the trust list can't be believed: {error} ({error.reason})",
            zh="信任列表没有本登记机关根密钥的有效签名，不能公布",
            cause=error.reason,
        ) from None
    _require_as_drafted(content, draft_trust(tx, now), newest_trust(tx))
    follow_root(tx, signed, content, now)
    taken = StoredTrust(content.version, signed, content.issued_at)
    tx.publication.add_trust(taken)
    return taken


def _require_as_drafted(content: TrustList, draft: TrustList, before: TrustList) -> None:
    links = content.root_links
    wrong = [
        name
        for name, fits in (
            ("version", content.version >= draft.version),
            ("iat", content.issued_at >= before.issued_at),
            ("environment", content.environment == draft.environment),
            ("keys", content.keys == draft.keys),
            ("hosts", content.hosts == draft.hosts),
            ("root_links", links[: len(before.root_links)] == before.root_links),
        )
        if not fits
    ]
    if wrong:
        raise TrustListRefused(
            f"the trust list is not what would be published now ({', '.join(wrong)} differ):"
            " something was done since it was drafted, so draft and sign it anew",
            zh="拟定之后密钥或域名又有变动，请重新拟定并签署",
            cause=" ".join(wrong),
        )


def follow_root(tx: Transaction, signed: bytes, content: TrustList, now: datetime) -> None:
    """Let the root that signed a list, one that is believed, be the one that signs from now on.

    A link alone only announces a root; the list's own signature tells which one signs.
    """
    signer = cose.decode(signed, max_bytes=limits.TRUST_LIST_BYTES, typ=TYP).kid
    active = tx.keys.active().get(KeyUse.ROOT)
    linked = {cose.kid_of(link.new): link.new for link in content.root_links}
    if signer == active or signer not in linked:
        return
    second = now.replace(microsecond=0)
    if active is not None:
        tx.keys.set_state(active, KeyState.RETIRED, second)
    root = SigningKey(signer, KeyUse.ROOT, linked[signer], KeyState.ACTIVE, second, second)
    tx.keys.take_over(root)
