"""What is done to keys and hosts, and what has to hold before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from license_verify.lists.trust_list import KeyState
from license_verify.token import cose
from registry_service.domain.authority import ActName
from registry_service.domain.china import CHINA
from registry_service.domain.errors import (
    HostRefused,
    KeyNotAnnounced,
    KeyStateForbids,
    KeyWaiting,
    SignerUnavailable,
)
from registry_service.domain.key import CLOCKS_DIFFER, KeyUse, SigningKey
from registry_service.domain.key_act import Wish
from registry_service.issuing.signer import KeyRing
from registry_service.operations.draft_trust import draft_trust, newest_trust
from registry_service.operations.intend import trust_content
from registry_service.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class KeyKeeper:
    """What acts on keys need besides the register. One for a process."""

    ring: KeyRing
    lead: timedelta
    """How long a key is announced before it is activated."""

    def ready_at(self, tx: Transaction, kid: bytes) -> datetime | None:
        """From when on checkers had time to learn of a key; None if it is not announced yet."""
        since = announced_at(tx, kid)
        return None if since is None else since + self.lead


_TRIAL: Final = b"yizhao trial signature"
"""No document begins so: all are CBOR arrays."""


def announced_at(tx: Transaction, kid: bytes) -> datetime | None:
    """When the trust list was issued that first named a key; None if none does."""
    since = None
    for stored in tx.publication.trusts():
        content = trust_content(stored)
        if all(key.kid != kid for key in content.keys):
            break
        since = content.issued_at
    return since


def _may_create(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> None:
    for key in tx.keys.every():
        if key.use.value == wish.subject and key.state is KeyState.NEXT:
            raise KeyWaiting(
                f"key {key.kid.hex()} is next for {wish.subject} already: activate or retire it",
                zh=f"已有待启用的密钥 {key.kid.hex()}，请先启用或停用它",
                key=key.kid.hex(),
            )


def _may_activate(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> None:
    key = _require_state(tx, wish, KeyState.NEXT)
    ready = keeper.ready_at(tx, key.kid)
    if ready is None:
        raise KeyNotAnnounced(
            "no published trust list names the key, so no checker would believe it: publish one"
            " first, by a ceremony where the root is kept elsewhere",
            zh="密钥尚未在信任列表中公布，启用后任何核验点都不认得；请先公布信任列表",
        )
    # The first key of its use leaves nobody behind: nothing of its kind was ever signed.
    if now < ready and not wish.early and key.use in tx.keys.active():
        raise KeyNotAnnounced(
            f"offline checkers may not know the key before {ready:%Y-%m-%dT%H:%M:%SZ}; in an"
            " emergency activate it early",
            zh=f"离线核验点须到 {ready.astimezone(CHINA):%Y-%m-%d %H:%M} 才都认得该密钥；"
            "情况紧急的，可提前启用",
            ready_time=f"{ready:%Y-%m-%dT%H:%M:%SZ}",
        )


def _may_retire(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> None:
    _require_state(tx, wish, KeyState.NEXT)


def _may_distrust(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> None:
    _require_state(tx, wish, KeyState.NEXT, KeyState.RETIRED)


def _may_add_host(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> None:
    for known in draft_trust(tx, now).hosts:
        if known.host == wish.subject:
            raise HostRefused(
                f"{known.host} is on the trust list already, from {known.since:%Y-%m-%d}",
                zh=f"域名 {known.host} 已在信任列表中，不能再次增加",
                host=known.host,
            )


def _may_retire_host(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> None:
    hosts = draft_trust(tx, now).hosts
    accepted = [host.host for host in hosts if host.until is None]
    if wish.subject not in accepted:
        raise HostRefused(
            f"{wish.subject} is not accepted; those are: {', '.join(accepted)}",
            zh=f"域名 {wish.subject} 不在使用中；使用中的有：{'、'.join(accepted)}",
            host=wish.subject,
        )
    if wish.subject in (accepted[-1], newest_trust(tx).hosts[-1].host):
        raise HostRefused(
            f"documents are issued on {wish.subject}: add its successor first, and publish it",
            zh=f"现正以 {wish.subject} 签发，请先增加并公布新域名",
            host=wish.subject,
        )


def require_possible(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> None:
    """Stop if it can't be done now.

    Raises:
        KeyUnknown, KeyStateForbids, KeyNotAnnounced, KeyWaiting, HostRefused: by what forbids it.
    """
    _CHECKS[wish.act](tx, keeper, wish, now)


_Check = Callable[[Transaction, KeyKeeper, Wish, datetime], None]
_CHECKS: Final[Mapping[ActName, _Check]] = {
    ActName.CREATE_KEY: _may_create,
    ActName.ACTIVATE_KEY: _may_activate,
    ActName.RETIRE_KEY: _may_retire,
    ActName.DISTRUST_KEY: _may_distrust,
    ActName.ADD_HOST: _may_add_host,
    ActName.RETIRE_HOST: _may_retire_host,
}


def _require_state(tx: Transaction, wish: Wish, *states: KeyState) -> SigningKey:
    key = tx.keys.find(_kid(wish))
    if key.use is KeyUse.ROOT or key.state not in states:
        hint, zh = _ROOT_HINT if key.use is KeyUse.ROOT else _HINTS[key.state]
        raise KeyStateForbids(
            f"key {key.kid.hex()} ({key.use.value}) is {key.state.value}: {hint}",
            zh=f"密钥 {key.kid.hex()}（{key.use.value}）{zh}",
            state=key.state.value,
        )
    return key


_ROOT_HINT: Final = ("the root changes by a ceremony", "是根密钥，通过签署仪式更换")
_HINTS: Final = {
    KeyState.NEXT: ("it has not signed yet", "尚未启用，不能办理此项"),
    KeyState.ACTIVE: (
        "activate another of its use first: that retires it",
        "正在使用，须先启用后继密钥，它随即停用",
    ),
    KeyState.RETIRED: ("it signs never again", "已停用，不能再启用"),
    KeyState.DISTRUSTED: ("that is for ever", "已宣布不可信，不能再办理"),
}


def _kid(wish: Wish) -> bytes:
    return bytes.fromhex(wish.subject)


def affected(tx: Transaction, wish: Wish) -> int:
    """How many documents in use stop being good by it."""
    match wish.act:
        case ActName.DISTRUST_KEY:
            return tx.key_documents.count_by_key(_kid(wish))
        case ActName.RETIRE_HOST:
            return tx.key_documents.count_by_host(wish.subject)
    return 0


def change(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> bytes | None:
    """Do it; the kid of the key that was made or moved on.

    Raises:
        SignerUnavailable: the key could not be made.
    """
    return _DO[wish.act](tx, keeper, wish, now)


def _create(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> bytes:
    use = KeyUse(wish.subject)
    kid, public = keeper.ring.create(use)
    tx.keys.add(SigningKey(kid, use, public, KeyState.NEXT, now.replace(microsecond=0)))
    return kid


def _activate(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> bytes:
    key = tx.keys.find(_kid(wish))
    _require_signs(keeper.ring, key)
    before = tx.keys.active().get(key.use)
    if before is not None:
        tx.keys.set_state(before, KeyState.RETIRED, _last_moment(now))
    tx.keys.set_state(key.kid, KeyState.ACTIVE, now.replace(microsecond=0))
    return key.kid


def _require_signs(ring: KeyRing, key: SigningKey) -> None:
    """Stop before a key is put in force that can't sign: its folder or HSM may not be here.

    Raises:
        SignerUnavailable: it does not sign, or what it signs does not verify.
    """
    if not cose.raw_signature_fits(_TRIAL, ring.signer(key.kid, key.use)(_TRIAL), key.key):
        raise SignerUnavailable(
            f"what key {key.kid.hex()} signs does not verify",
            zh="密钥试签未通过，未启用",
        )


def _retire(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> bytes:
    tx.keys.set_state(_kid(wish), KeyState.RETIRED, _last_moment(now))
    return _kid(wish)


def _distrust(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> bytes:
    tx.keys.set_state(_kid(wish), KeyState.DISTRUSTED, _last_moment(now))
    return _kid(wish)


def _nothing(tx: Transaction, keeper: KeyKeeper, wish: Wish, now: datetime) -> None:
    """A host is accepted because the act is done: the next trust list goes by that."""


_DO: Final[Mapping[ActName, Callable[[Transaction, KeyKeeper, Wish, datetime], bytes | None]]] = {
    ActName.CREATE_KEY: _create,
    ActName.ACTIVATE_KEY: _activate,
    ActName.RETIRE_KEY: _retire,
    ActName.DISTRUST_KEY: _distrust,
    ActName.ADD_HOST: _nothing,
    ActName.RETIRE_HOST: _nothing,
}


def _last_moment(now: datetime) -> datetime:
    """Until when a key's signatures count: those of hosts whose clock is ahead, too."""
    return now.replace(microsecond=0) + CLOCKS_DIFFER
