"""Recovery after a restore: the register goes on behind all that was published (ADR 0009).

One transaction, in which nobody serves. What the bundle says is taken over where it is newer than
the database (keys, trust list, lists), every number moves on to the next epoch, documents keep the
worse of what was published and what the database says, and a first manifest is signed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from license_verify.limits import STATUS_ENTRIES
from license_verify.lists.manifest import document_digest
from license_verify.lists.status import Status, worse
from license_verify.lists.status_list import StatusList
from license_verify.lists.trust_list import KeyState, TrustedKey
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import KeyUse, SigningKey
from registry_service.domain.recovery import Jump, Recovery, Used, epoch_of, floor_of, jump_past
from registry_service.issuing.signer import KeyRing
from registry_service.operations.draft_trust import follow_root
from registry_service.operations.establish_keys import reissue_trust
from registry_service.operations.intend import trust_content
from registry_service.operations.publish import Edition, Press
from registry_service.operations.published import Published
from registry_service.store.publication import StoredList, StoredManifest, StoredTrust
from registry_service.store.recovery_items import NewItem
from registry_service.store.status_entries import Entry
from registry_service.store.transaction import Transaction

_LIST_NO: Final = re.compile(r"/s/([0-9]+)\Z")


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a recovery did, or had done before."""

    recovery: Recovery
    edition: Edition | None
    """The first publication of the epoch; None if the recovery was done before."""
    items: int
    """Documents in another state than they were published in."""
    lost: Mapping[Status, int]
    """Documents that were published and that the database does not know, by published status."""
    trust_signed: bool
    """Whether the root's key was here to sign a trust list anew."""


def recover(
    tx: Transaction, ring: KeyRing, bundle: Published, known_seq: int, now: datetime
) -> Recovered:
    """Recover, or tell what an earlier recovery from the same bundle did.

    Args:
        tx: on one snapshot, with the publisher's lock, and nobody serving.
        ring: every key of the folder.
        bundle: the newest that anybody kept, believed.
        known_seq: the newest manifest that this host knows to have published.
        now: the clock.

    Raises:
        SignerUnavailable: a key that was published as active is not in the folder.
    """
    digest = document_digest(bundle.bundle.manifest)
    latest = tx.recoveries.latest()
    if latest is not None and (
        tx.recoveries.knows(digest) or bundle.manifest.seq == latest.jump.seq + 1
    ):
        return _done_before(tx, latest)
    entries = list(tx.status_entries.every())
    recovery = _begin(tx, bundle, known_seq, digest, now)
    jump = recovery.jump
    items = list(_differing(entries, bundle))
    _keep(tx, jump.epoch, items, _lost(entries, bundle))
    _take_over_keys(tx, bundle)
    ring = ring.with_active(tx.keys.active())
    trust_signed = _take_over_trust(tx, ring, bundle, jump, now)
    _take_over_lists(tx, bundle)
    edition = _publish(tx, ring, bundle, jump, now)
    return Recovered(recovery, edition, len(items), tx.recoveries.lost(jump.epoch), trust_signed)


def _done_before(tx: Transaction, latest: Recovery) -> Recovered:
    epoch = latest.jump.epoch
    trust = tx.publication.trust()
    signed = trust is not None and trust.version >= latest.jump.trust_version
    return Recovered(
        latest, None, tx.recovery_items.count(epoch), tx.recoveries.lost(epoch), signed
    )


def _begin(
    tx: Transaction, bundle: Published, known_seq: int, digest: bytes, now: datetime
) -> Recovery:
    """Move every number on."""
    stored, trust, latest = (
        tx.publication.manifest(),
        tx.publication.trust(),
        tx.recoveries.latest(),
    )
    database_seq = stored.seq if stored else 0
    last_no = tx.feed.last_no()
    watermark = max(bundle.manifest.watermark, last_no)
    used = Used(
        epoch=max(
            *map(epoch_of, (bundle.manifest.seq, known_seq, database_seq)),
            latest.jump.epoch if latest else 0,
        ),
        number=tx.numbers.highest(),
        sequence=tx.recoveries.highest_of_sequences(),
        list_no=max(tx.status_entries.highest_list(), *_by_number(bundle)),
        trust_version=max(bundle.manifest.trust_version, trust.version if trust else 0),
        feed_no=watermark,
        lost_events=watermark - last_no,
    )
    jump = jump_past(used)
    recovery = Recovery(now, digest, bundle.manifest.seq, database_seq, last_no, jump)
    tx.recoveries.add(recovery)
    tx.recoveries.raise_sequences(jump.sequence)
    tx.status_entries.go_on_with(jump.list_no)
    tx.feed.go_on_after(jump.feed_no)
    return recovery


def _by_number(bundle: Published) -> dict[int, list[StatusList]]:
    """The published lists by number: one for each host that tokens name, all alike."""
    found: dict[int, list[StatusList]] = {}
    for uri, each in bundle.lists.items():
        found.setdefault(_number(uri), []).append(each)
    return found


def _number(uri: str) -> int:
    named = _LIST_NO.search(uri)
    if named is None:
        raise ValueError(f"{uri} names no list")  # a believed list has such an address
    return int(named[1])


def _status(lists: Iterable[StatusList], index: int) -> Status:
    """What was published of an entry; the worst, should hosts differ. Unknown bits count as bad."""
    said = Status.VALID
    for each in lists:
        found = each.status(index)
        said = worse(said, Status.INVALID if found is None else found)
    return said


def _differing(entries: Iterable[Entry], bundle: Published) -> Iterator[NewItem]:
    lists = _by_number(bundle)
    for entry in entries:
        published = _status(lists[entry.list_no], entry.index) if entry.list_no in lists else None
        # Published as not issued: nothing was done to it but to void it, or it came after.
        if published in (None, Status.INVALID, entry.published):
            continue
        if published is Status.VALID and entry.own is Status.INVALID:
            continue  # an intent that was signed, as the next start will do again
        yield NewItem(entry.entity_no, entry.list_no, entry.index, published, entry.published)


def _lost(entries: Iterable[Entry], bundle: Published) -> Iterator[tuple[int, int, Status]]:
    """Published documents that the database does not know: list, index, status."""
    known: dict[int, set[int]] = {}
    for entry in entries:
        known.setdefault(entry.list_no, set()).add(entry.index)
    for number, lists in _by_number(bundle).items():
        ours = known.get(number, set())
        size = min(STATUS_ENTRIES, max(2 * len(each.entries) for each in lists))
        unissued = bytes([Status.INVALID << 4 | Status.INVALID])
        for at in range(size // 2):
            if all(each.entries[at : at + 1] in (unissued, b"") for each in lists):
                continue
            for index in (2 * at, 2 * at + 1):
                status = _status(lists, index)
                if status is not Status.INVALID and index not in ours:
                    yield number, index, status


def _keep(
    tx: Transaction,
    epoch: int,
    items: list[NewItem],
    lost: Iterable[tuple[int, int, Status]],
) -> None:
    tx.recovery_items.add(epoch, items)
    tx.recoveries.add_lost(epoch, lost)
    for item in items:
        floor = floor_of(item.published, item.restored)
        if floor is not None:
            tx.status_entries.set_floor(item.entity_no, item.list_no, item.index, floor)


def _take_over_keys(tx: Transaction, bundle: Published) -> None:
    """Keys as they were published; those that no longer sign first, for one alone may be active."""
    announced = sorted(bundle.trust.keys.values(), key=lambda key: key.state is KeyState.ACTIVE)
    for key in announced:
        tx.keys.take_over(_signing_key(key))


def _signing_key(key: TrustedKey) -> SigningKey:
    begun = None if key.state is KeyState.NEXT else key.since
    return SigningKey(
        key.kid, KeyUse(key.use.value), key.key, key.state, key.since, begun, key.until
    )


def _take_over_trust(
    tx: Transaction, ring: KeyRing, bundle: Published, jump: Jump, now: datetime
) -> bool:
    """The published trust list is the newest again, or one that the root signs anew is.

    Returns:
        Whether the root's key was here. Without it the published one goes on, and whatever is
        announced next takes a version beyond all that may have been published.
    """
    stored, published = tx.publication.trust(), bundle.manifest.trust_version
    taken = StoredTrust(published, bundle.bundle.trust, bundle.trust.keys_issued_at)
    if stored is None or stored.version < published:
        tx.publication.add_trust(taken)
    # The root may have changed after the backup: the bundle's list tells which one signs.
    follow_root(tx, taken.content, trust_content(taken), now)
    try:
        reissue_trust(tx, ring, jump.trust_version, now)
    except SignerUnavailable:
        return False
    return True


def _take_over_lists(tx: Transaction, bundle: Published) -> None:
    """Lists as they were published; the publication after it signs those that read otherwise."""
    for uri, content in bundle.bundle.lists.items():
        issued_at = bundle.lists[uri].issued_at
        tx.publication.save_list(StoredList(uri, _number(uri), content, issued_at))


def _publish(
    tx: Transaction, ring: KeyRing, bundle: Published, jump: Jump, now: datetime
) -> Edition:
    """The first publication of the epoch: later than every earlier one, by number and by time."""
    earlier = tx.publication.manifest()
    said_at = bundle.manifest.issued_at
    if earlier is not None:
        said_at = max(said_at, earlier.issued_at)
    # One event behind, so that the press finds something to say.
    tx.publication.save_manifest(
        StoredManifest(jump.seq, bundle.bundle.manifest, said_at, jump.feed_no - 1)
    )
    return Press(ring, timedelta(0)).run(tx, now)
