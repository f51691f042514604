"""A chunk of a mass run: what will be signed is stored, then signed, then put on the register.

Two transactions. A kill between them leaves what will be signed; whoever does the chunk next signs
just that (invariant 8). The second locks the entities and takes only those at the revision at which
they were read, so that no act in between is lost or signed past.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from license_verify.refusal import Refusal
from license_verify.token import cose
from registry_service.domain.china import china_day
from registry_service.domain.entity import Entity
from registry_service.domain.event import Event
from registry_service.domain.key import KeyUse
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.license_draft import Draft, Signed
from registry_service.domain.mass_run import (
    ChunkState,
    Done,
    MassChunk,
    MassKind,
    MassRun,
    MassState,
)
from registry_service.issuing.drafts import pack, sign_all, unpack
from registry_service.issuing.intent import Intent, license_payload
from registry_service.issuing.signer import KeyRing
from registry_service.operations.act import Act
from registry_service.operations.finish_intents import Finisher
from registry_service.operations.intend import Terms, key_of, name_of, still_sign, terms
from registry_service.operations.issue_license import supersede
from registry_service.operations.mass_acts import act_on_chunk, asked_and_confirmed
from registry_service.operations.record import record
from registry_service.operations.settle_items import settle_items
from registry_service.store.mass_licenses import Moved
from registry_service.store.transaction import Store, Transaction

_SECONDS: Final = 120.0

OpenRing = Callable[[Mapping[KeyUse, bytes]], KeyRing]
"""Opens the keys, told which of them is active for each use; can be sent to another process."""


class ChunkMaker:
    """Does chunks, one after the other. Each process has its own, with keys that it opened."""

    def __init__(self, store: Store, open_ring: OpenRing) -> None:
        self._store = store
        self._open_ring = open_ring
        self._signers: dict[bytes, cose.Sign] = {}

    def do(self, run: MassRun, number: int, now: datetime) -> Done:
        """Do a chunk from where it is; nothing if it was done.

        Raises:
            SignerUnavailable: a key is away; what is stored to be signed waits.
            DatabaseUnavailable: the chunk is as it was before one of its transactions.
        """
        if run.selection.kind.listed:
            return act_on_chunk(self._store, lambda: self._finisher(now), run, number, now)
        # What is issued before the start counts as not done yet, and clocks of hosts differ.
        now = max(now, run.started_at or now)
        with self._store.transaction(_SECONDS) as tx:
            chunk = _intended(tx, run, tx.mass_runs.hold_chunk(run.number, number), now)
            if chunk.state is not ChunkState.INTENDED:
                return Done()
            key, holds = key_of(tx, chunk.kid), still_sign(tx, _terms_of(chunk))
        drafts = list(unpack(chunk.intents))
        sign = self._signer(chunk.kid) if holds else None
        signed = sign_all(drafts, key.kid, sign, key.key) if sign else []
        with self._store.transaction(_SECONDS) as tx:
            if tx.mass_runs.hold_chunk(run.number, number).state is not ChunkState.INTENDED:
                return Done()
            if not still_sign(tx, _terms_of(chunk)):
                signed = []
            done = _put(asked_and_confirmed(tx, run, now), run, chunk, drafts, signed)
            tx.mass_runs.finish_chunk(chunk, done)
            return done

    def _finisher(self, now: datetime) -> Finisher:
        with self._store.transaction(_SECONDS) as tx:
            active = tx.keys.active()
        return Finisher(self._store, self._open_ring(active), lambda: now)

    def _signer(self, kid: bytes) -> cose.Sign:
        if kid not in self._signers:
            with self._store.transaction(_SECONDS) as tx:
                active = tx.keys.active()
            self._signers[kid] = self._open_ring(active).signer(kid, KeyUse.TOKEN)
        return self._signers[kid]


def _terms_of(chunk: MassChunk) -> Terms:
    return Terms(chunk.kid, chunk.host)


def _intended(tx: Transaction, run: MassRun, chunk: MassChunk, now: datetime) -> MassChunk:
    """The chunk with what will be signed stored; done, if nothing of it can be.

    What a restore brings back of a run that was paused or cancelled stays open.
    """
    if chunk.state is ChunkState.INTENDED and chunk.epoch != tx.mass_runs.epoch():
        # What a backup brings back may have been signed and published before the restore.
        tx.mass_runs.reopen(chunk)
        chunk = replace(chunk, state=ChunkState.OPEN)
        if tx.mass_runs.find(run.number).state is not MassState.RUNNING:
            return chunk
    if chunk.state is not ChunkState.OPEN:
        return chunk
    under = terms(tx)
    tx.mass_licenses.prepare()
    entities = tx.mass_licenses.entities(run, chunk.after, chunk.to)
    drafts, remarks = list[Draft](), list[tuple[int, str, str]]()
    entries = tx.mass_licenses.allocate(len(entities))
    for entity, entry in zip(entities, entries, strict=True):
        try:
            payload = license_payload(entity, under.host, entry, now)
        except Refusal as refusal:
            remarks.append((entity.number, refusal.reason, refusal.zh))
        else:
            drafts.append(_draft(entity, entry, payload))
    tx.mass_runs.remark(run.number, remarks)
    if not drafts:
        tx.mass_runs.finish_chunk(chunk, Done(failed=len(remarks)))
        return replace(chunk, state=ChunkState.DONE)
    chunk = replace(
        chunk,
        state=ChunkState.INTENDED,
        epoch=tx.mass_runs.epoch(),
        kid=under.kid,
        host=under.host,
        made_at=now,
        intents=pack(drafts),
    )
    tx.mass_runs.intend(chunk, failed=len(remarks))
    return chunk


def _draft(entity: Entity, entry: tuple[int, int], payload: bytes) -> Draft:
    return Draft(entity.number, entity.revision, entity.current.version, *entry, payload)


def _put(
    act: Act, run: MassRun, chunk: MassChunk, drafts: list[Draft], signed: list[Signed]
) -> Done:
    tx, reissue = act.tx, run.selection.kind is MassKind.REISSUE
    tx.mass_licenses.prepare()
    tx.mass_runs.share_entities()
    read = [(one.draft.entity_no, one.draft.revision) for one in signed]
    moved = {
        each.entity_no: each
        for each in tx.mass_licenses.move(read, events=2 if reissue else 1, now=act.now)
    }
    fresh = [one for one in signed if one.draft.entity_no in moved]
    for draft in drafts:
        if draft.entity_no not in moved:
            _void(act, run, chunk, draft)
    superseded = tx.mass_licenses.supersede(list(moved)) if reissue else {}
    made_at = chunk.made_at or act.now
    versions = tx.mass_licenses.put(fresh, chunk.kid, chunk.host, made_at, act.now)
    for entity in tx.entities.many(tx.mass_licenses.with_recovery_items(moved)):
        settle_items(act, entity)
    _tell(act, run, moved, superseded, versions)
    _supersede_copies(act, run, superseded)
    return Done(issued=len(fresh), voided=len(drafts) - len(fresh))


def _supersede_copies(act: Act, run: MassRun, superseded: Collection[int]) -> None:
    """Printed copies go with the licence version that they are of."""
    for entity in act.tx.entities.many(act.tx.mass_licenses.with_live_copies(superseded)):
        for copy in act.tx.licenses.live_copies(entity.number):
            entity = supersede(act, entity, copy, run.unit, run.basis)


def _void(act: Act, run: MassRun, chunk: MassChunk, draft: Draft) -> None:
    """Somebody changed the entity, the key or the host since: the licence is given up.

    The run comes back to the entity at its end.
    """
    (entity,) = act.tx.entities.locked([draft.entity_no])
    prepared = Intent.of_payload(draft.payload, chunk.kid)
    document = SignedDocument(
        entity_no=entity.number,
        premises_no=None,
        version=act.tx.licenses.next_version(entity.number),
        facts_version=draft.facts_version,
        state=LicenseState.VOIDED,
        kid=chunk.kid,
        to_be_signed=prepared.to_be_signed,
        list_no=draft.list_no,
        index=draft.index,
        scan_host=chunk.host,
        token_id=prepared.token_id,
        created_at=chunk.made_at or act.now,
    )
    act.tx.status_entries.add(entity.number, draft.list_no, draft.index)
    act.tx.licenses.add(document)
    record(act, entity, "license.voided", unit=run.unit, subject=name_of(document))


def _tell(
    act: Act,
    run: MassRun,
    moved: Mapping[int, Moved],
    superseded: Mapping[int, int],
    versions: Mapping[int, int],
) -> None:
    """Give the events their feed numbers here: nobody publishes until this is committed."""
    tx = act.tx
    tx.publication.lock_in_transaction()
    last_no = tx.feed.number_waiting()
    day = china_day(act.now)
    for kind, told, before in (
        ("license.superseded", superseded, 1),
        ("license.issued", versions, 0),
    ):
        rows = [
            (number, moved[number].revision - before, version, moved[number].state)
            for number, version in sorted(told.items())
        ]
        if rows:
            tx.mass_licenses.tell(_event(act, run, kind), rows, last_no, day)
            last_no = tx.feed.count(len(rows))


def _event(act: Act, run: MassRun, kind: str) -> Event:
    """What the events of a run have in common."""
    return Event(
        entity_no=0,
        revision=1,
        kind=kind,
        subject="",
        state_after="",
        actor=run.staff_no,
        actor_name=run.staff_name,
        actor_unit=run.unit,
        workload=run.workload,
        basis=run.basis,
        effective_date=act.today,
        recorded_at=act.now,
        second_actor=run.confirmed_by,
        second_actor_name=run.confirmed_name,
    )
