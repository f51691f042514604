"""Mass acts on a list: to each entity what a single act does to it, each in its transaction.

What became of an entity is written in the transaction that did it, with the chunk locked: a kill
leaves it done with its events, or not done at all. Whoever goes on begins with the first that
waits.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from license_verify.refusal import Kind
from registry_service.domain.command import RevokeEntity
from registry_service.domain.entity import Entity
from registry_service.domain.errors import MarkUnknown, RegistryError
from registry_service.domain.license import SignedDocument
from registry_service.domain.mark import MarkKind
from registry_service.domain.mass_run import (
    ChunkState,
    Done,
    ListedEntity,
    MassChunk,
    MassKind,
    MassRun,
)
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import Actor, Staff
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.commands import perform
from registry_service.operations.finish_intents import Finisher
from registry_service.operations.issue_license import supersede
from registry_service.operations.issue_site_code import intend_site_code
from registry_service.operations.mark_entity import mark_entity, unmark_entity
from registry_service.operations.second_person import find_asker
from registry_service.store.transaction import Store, Transaction

ACTS_OF_CHUNK: Final = 100
"""Of a run on a list: so many more are done after somebody paused it."""
_SECONDS: Final = 120.0


def act_on_chunk(
    store: Store, finisher: Callable[[], Finisher], run: MassRun, number: int, now: datetime
) -> Done:
    """Do what is not done of a chunk.

    Args:
        store: of the register.
        finisher: signs site codes; asked for where there are such to be signed.
        run: on a list.
        number: of the chunk.
        now: the clock.

    Raises:
        SignerUnavailable: a key is away; what was asked for of the entity at hand waits.
        DatabaseUnavailable: that entity is as it was, those before it are done.
    """
    if run.selection.kind is MassKind.REISSUE_SITES:
        return _renew_and_sign(store, finisher(), run, number, now)
    done = Done()
    while (one := _on_next(store, run, number, now)) is not None:
        done = Done(done.issued + one.issued, failed=done.failed + one.failed)
    return done


def _on_next(store: Store, run: MassRun, number: int, now: datetime) -> Done | None:
    """Do it to the first that waits; None if none does."""
    with store.transaction(_SECONDS) as tx:
        chunk, listed = _hold_next(tx, run, number)
        if listed is None:
            return None
        refusal = _tried(tx, lambda: _perform(_act(tx, run, now), run, listed.code))
        return _settle(tx, chunk, listed, refusal)


def _renew_and_sign(
    store: Store, finisher: Finisher, run: MassRun, number: int, now: datetime
) -> Done:
    """Site codes: signed outside of transactions, each entity's before the next one's are asked.

    So a key that is away leaves the codes of one entity without their successors, not of all.
    """
    done, asker = Done(), Actor(run.workload, Staff(run.staff_no, run.staff_name, ()))
    while True:
        with store.transaction(_SECONDS) as tx:
            _, listed = _hold_next(tx, run, number)
            if listed is None:
                return done
            act = asked_and_confirmed(tx, run, now)
            refusal = _tried(tx, partial(_renew_sites, act, run, listed.code))
            entity_no = None if refusal else tx.entities.find(listed.code).number
        if entity_no is not None:
            finisher.finish_of(entity_no, asker)
        with store.transaction(_SECONDS) as tx:
            chunk, still = _hold_next(tx, run, number)
            if still == listed:
                one = _settle(tx, chunk, listed, refusal)
                done = Done(done.issued + one.issued, failed=done.failed + one.failed)


def _hold_next(tx: Transaction, run: MassRun, number: int) -> tuple[MassChunk, ListedEntity | None]:
    """The chunk, locked, and the first of it that waits; if none does, it is closed."""
    chunk = tx.mass_runs.hold_chunk(run.number, number)
    if chunk.state is ChunkState.DONE:
        return chunk, None
    listed = tx.mass_entities.next(run.number, chunk.after, chunk.to)
    if listed is None:
        tx.mass_runs.close_chunk(chunk)
    return chunk, listed


def _tried(tx: Transaction, perform: Callable[[], object]) -> RegistryError | None:
    """Do it, or leave everything as it was; the refusal.

    Raises:
        RegistryError: it could not be done now, but may be later (`UNAVAILABLE`).
    """
    try:
        with tx.connection.transaction():
            perform()
    except RegistryError as refusal:
        if refusal.kind is Kind.UNAVAILABLE:
            raise
        return refusal
    return None


def _settle(
    tx: Transaction, chunk: MassChunk, listed: ListedEntity, refusal: RegistryError | None
) -> Done:
    if refusal is None:
        tx.mass_entities.done(listed)
        done = Done(issued=1)
    else:
        tx.mass_entities.refuse(listed, refusal.reason, refusal.zh)
        done = Done(failed=1)
    tx.mass_runs.count(chunk, done)
    return done


def asked_and_confirmed(tx: Transaction, run: MassRun, now: datetime) -> Act:
    """An act of both people of a run that is authorised as a whole."""
    return Act(tx, _person(run, run.staff_no, run.staff_name), now, JINING_2023, _second(run))


def _act(tx: Transaction, run: MassRun, now: datetime) -> Act:
    """The same with the roles that the asker holds now: each entity asks for its own.

    Raises:
        RoleMissing: they were disabled since.
    """
    asker = Actor(run.workload, find_asker(tx, run.staff_no))
    return Act(tx, asker, now, JINING_2023, _second(run))


def _second(run: MassRun) -> Actor:
    return _person(run, run.confirmed_by, run.confirmed_name)


def _person(run: MassRun, number: str, name: str) -> Actor:
    return Actor(run.workload, Staff(number, name, ()))


def _perform(act: Act, run: MassRun, code: str) -> None:
    kind, mark = run.selection.kind, run.selection.mark
    if kind is MassKind.REVOKE:
        perform(act, lock_entity(act, code), RevokeEntity(run.basis))
        return
    if mark is None:
        raise AssertionError(f"mass run {run.number} has no list of the regulator")
    if kind is MassKind.MARK:
        mark_entity(act, code, mark, run.basis)
    else:
        unmark_entity(act, code, _standing(act, lock_entity(act, code), mark), run.basis)


def _standing(act: Act, entity: Entity, kind: MarkKind) -> int:
    for mark in act.tx.marks.standing(entity.number, act.today):
        if mark.kind is kind:
            return mark.number
    raise MarkUnknown(
        f"it does not stand on {kind.value}", zh=f"该主体未列入{kind.zh}", mark=kind.value
    )


def _renew_sites(act: Act, run: MassRun, code: str) -> None:
    """Supersede the entity's site codes that the run is of, and ask for their successors."""
    entity = lock_entity(act, code)
    entity.require_alive()
    for place in act.tx.premises.page(entity.number):
        live = act.tx.licenses.live(entity.number, place.number)
        if live is not None and place.state.filed and _is_of(run, live):
            entity = supersede(act, entity, live, run.unit, run.basis)
            entity, _ = intend_site_code(act, entity, place, run.unit)


def _is_of(run: MassRun, live: SignedDocument) -> bool:
    chosen, since = run.selection, run.started_at or run.created_at
    return (
        live.created_at < since
        and chosen.kid in (None, live.kid)
        and chosen.host in ("", live.scan_host)
    )
