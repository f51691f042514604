"""Trust lists that the root signs elsewhere: what it is to sign, and taking what it signed."""

from dataclasses import dataclass

from license_verify import limits
from license_verify.lists.trust_list import TYP, TrustList
from license_verify.token import cose
from registry_service.domain.authority import ActName
from registry_service.domain.key_event import KeyEvent
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.draft_trust import draft_trust, newest_trust, says_more, take_trust
from registry_service.store.publication import StoredTrust


@dataclass(frozen=True, slots=True)
class Drafted:
    """What goes to where the root is kept."""

    current: bytes
    """The list in force, signed."""
    draft: TrustList
    says_more: bool
    """Whether the draft says anything new."""


def draft_for_ceremony(act: Act) -> Drafted:
    """The list in force and the next one.

    Raises:
        RoleMissing: not a key custodian.
        SignerUnavailable: none is published yet.
    """
    authorise(act, ActName.DRAFT_TRUST_LIST)
    before, draft = newest_trust(act.tx), draft_trust(act.tx, act.now)
    stored = act.tx.publication.trust()
    current = stored.content if stored else b""
    return Drafted(current, draft, says_more(draft, before))


def publish_signed(act: Act, signed: bytes) -> tuple[StoredTrust, bytes]:
    """Put a list in force that the root signed elsewhere; the kid of that root.

    Raises:
        RoleMissing: not a key custodian.
        TrustListRefused: no root of this register signed it, or it is not what was drafted.
    """
    authorise(act, ActName.PUBLISH_TRUST_LIST)
    act.tx.publication.lock_in_transaction()
    taken = take_trust(act.tx, signed, act.now)
    root = cose.decode(signed, max_bytes=limits.TRUST_LIST_BYTES, typ=TYP).kid
    act.tx.key_events.add(
        KeyEvent(
            "trust_list.published",
            f"trustLists/{taken.version}",
            "",
            {"root": root.hex(), "version": taken.version},
            act.actor.number,
            act.actor.person_name,
            act.actor.workload,
            act.now,
        )
    )
    return taken, root
