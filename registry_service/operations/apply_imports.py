"""Signed shares of import runs go on the register, a chunk in a transaction.

A share that was signed off is put on the register whatever happens: the chunk that a crash broke
off is done again, rows keep the numbers that their places in the file give them, and what is
recorded is the time of the signature. So a register that was interrupted ends up the same to the
letter as one that was not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from registry_service.domain.errors import CodeTaken
from registry_service.domain.import_run import UNCLEAR, Applied, ImportRun, Share
from registry_service.domain.review.policy import ReviewPolicy
from registry_service.domain.staff import Actor, Staff
from registry_service.operations.act import Act
from registry_service.operations.import_kinds import LOADERS
from registry_service.store.transaction import Store, Transaction

_CHUNK_SECONDS: Final = 120.0
_MANY: Final = 20_000
"""Rows of a run after which the planner's knowledge of the register is out of date."""

SignWaiting = Callable[[int, Actor], None]
"""Signs what an act on that entity left to be signed, and never raises."""


@dataclass(frozen=True, slots=True)
class Applying:
    """What putting shares on the register needs."""

    store: Store
    policy: ReviewPolicy
    now: Callable[[], datetime]
    sign_waiting: SignWaiting


def apply_next(by: Applying, rows: int | None = None) -> bool:
    """Put the next chunk of the share that was signed first on the register.

    Args:
        by: what it needs.
        rows: of a chunk; as many as suits the kind of file where absent. Publishing waits for a
            chunk, since the import gives its events their numbers itself.

    Returns:
        Whether there was any.

    Raises:
        DatabaseUnavailable: the chunk was not put.
    """
    with by.store.transaction(_CHUNK_SECONDS) as tx:
        tx.publication.lock_in_transaction()
        signed = tx.imports.next_signed()
        if signed is None:
            return False
        run = tx.imports.find(signed[0], for_update=True)
        act = _act(tx, run, _share(run.shares, signed[1]), by)
        try:
            with tx.connection.transaction():
                applied, finished = _apply(act, run, signed[1], by.now(), rows)
        except CodeTaken:
            return True  # the next attempt sets that row aside
    for entity_no in applied.waiting:
        by.sign_waiting(entity_no, act.actor)
    if finished and run.rows >= _MANY:
        with by.store.transaction(_CHUNK_SECONDS) as tx:
            tx.imports.analyse()
    return True


def _act(tx: Transaction, run: ImportRun, share: Share, by: Applying) -> Act:
    """Of who sent the file, at the time of the signature; who may do what was asked then."""
    if share.signed_at is None:
        raise AssertionError("a share is applied once it is signed off")
    actor = Actor(run.workload, Staff(run.staff_no, run.staff_name, ()))
    return Act(tx, actor, share.signed_at, by.policy)


def _apply(
    act: Act, run: ImportRun, unit_id: int, now: datetime, rows: int | None
) -> tuple[Applied, bool]:
    """Put a chunk; what became of it, and whether it was the run's last."""
    tx, loader, share = act.tx, LOADERS[run.kind], _share(run.shares, unit_id)
    limit = rows or loader.chunk_rows
    tx.feed.number_waiting()
    chunk, count = loader.staging(tx).chunk(run.number, unit_id, share.applied_to, limit)
    applied = Applied(0)
    if count:
        applied = loader.apply(act, run, share, chunk)
        tx.events.wake()
    whole = count < limit
    tx.imports.applied(run.number, unit_id, chunk.to, applied, whole=whole)
    finished = whole and tx.imports.finish(run.number, now)
    if finished:
        loader.finish(act, run)
    return applied, finished


def _share(shares: tuple[Share, ...], unit_id: int) -> Share:
    return next(share for share in shares if (share.unit or UNCLEAR) == unit_id)
