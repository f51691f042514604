"""Signed shares of import runs go on the register, a chunk in a transaction.

A share that was signed off is put on the register whatever happens: the chunk that a crash broke
off is done again, rows keep the numbers that their places in the file give them, and what is
recorded is the time of the signature. So a register that was interrupted ends up the same to the
letter as one that was not.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from registry_service.domain.errors import CodeTaken, DatabaseUnavailable
from registry_service.domain.import_run import UNCLEAR, Applied, ImportRun, Share
from registry_service.domain.review.policy import ReviewPolicy
from registry_service.domain.staff import Actor, Staff
from registry_service.operations.act import Act
from registry_service.operations.import_kinds import LOADERS
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.store.transaction import Store, Transaction

_CHUNK_SECONDS: Final = 120.0
_MANY: Final = 20_000
"""Rows of a run after which the planner's knowledge of the register is out of date."""

ShareKey = tuple[int, int]
"""Number of a run, and `unit_id` of one of its shares."""

SignWaiting = Callable[[int, Actor], None]
"""Signs what an act on that entity left to be signed, and never raises."""


@dataclass(frozen=True, slots=True)
class Applying:
    """What putting shares on the register needs."""

    store: Store
    policy: ReviewPolicy
    now: Callable[[], datetime]
    sign_waiting: SignWaiting
    guard: RestoreGuard | None = None
    """Of the process; without one, nothing tells whether the database went back."""


class ShareStuck(RuntimeError):
    """A share could not be applied, and most likely could not be the next moment either."""

    def __init__(self, share: ShareKey) -> None:
        super().__init__(f"the share of unit {share[1]} in import run {share[0]} can't be applied")
        self.share = share


def apply_next(by: Applying, rows: int | None = None, skip: Collection[ShareKey] = ()) -> bool:
    """Put the next chunk of the share that was signed first on the register.

    Args:
        by: what it needs.
        rows: of a chunk; as many as suits the kind of file where absent. Publishing waits for a
            chunk, since the import gives its events their numbers itself.
        skip: shares that are stuck; the others do not wait for them.

    Returns:
        Whether there was any.

    Raises:
        DatabaseUnavailable: the chunk was not put.
        DatabaseRestored: the database went back; nothing is put before it is recovered.
        ShareStuck: something is wrong with that share; nothing of the chunk was put.
    """
    signed: ShareKey | None = None
    try:
        with by.store.transaction(_CHUNK_SECONDS) as tx:
            tx.mass_runs.keep_chunks_out()
            tx.publication.lock_in_transaction()
            if by.guard is not None:
                by.guard.require_current(tx)
            signed = tx.imports.next_signed(skip)
            if signed is None:
                return False
            run = tx.imports.find(signed[0], for_update=True)
            act = _act(tx, run, _share(run.shares, signed[1]), by)
            applied, finished = _apply(act, run, signed[1], by.now(), rows)
    except CodeTaken:
        return True  # the next attempt sets that row aside
    except DatabaseUnavailable:
        raise
    except Exception as error:
        if signed is None:
            raise
        raise ShareStuck(signed) from error
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
