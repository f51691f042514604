"""The desk: opens an act for a caller, and answers a repeated request as the first time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry_service.domain.errors import StaffUnknown, WorkloadDisabled
from registry_service.domain.review import ReviewPolicy
from registry_service.domain.staff import Actor
from registry_service.operations.act import Act
from registry_service.store.transaction import Store, Transaction


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the certificate says."""

    workload: str
    """SPIFFE id."""
    staff_no: str | None
    """Set for `/staff/<no>`."""
    seconds: float | None
    """Time left to answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """What makes two calls the same request."""

    method: str
    request_id: UUID | None
    """None: the caller asks for no protection against repetition."""
    digest: bytes
    """SHA-256 of the request."""


class Desk:
    """Opens acts. One for the whole process."""

    def __init__(self, store: Store, policy: ReviewPolicy, now: Callable[[], datetime]) -> None:
        self.store = store
        self._policy = policy
        self._now = now

    @contextmanager
    def act(self, caller: Caller) -> Iterator[Act]:
        """An act in a transaction of its own, committed when the block ends.

        Raises:
            StaffUnknown: the certificate names a person not on the staff table, or disabled.
            WorkloadDisabled: the workload stands on the list of disabled ones.
            DatabaseUnavailable: nothing was changed.
        """
        with self.store.transaction(caller.seconds) as tx:
            actor = _actor(tx, caller)
            yield Act(tx, actor, self._now(), tx.units.tree(), self._policy)

    def once(self, caller: Caller, request: Request, perform: Callable[[Act], bytes]) -> bytes:
        """Do an act and keep its answer in the same transaction; or return the kept answer.

        Args:
            caller: who.
            request: what makes a repetition recognisable.
            perform: does the act and gives the answer as it goes over the wire.

        Raises:
            RequestIdReused: the id was used for another request.
        """
        with self.act(caller) as act:
            if request.request_id is None:
                return perform(act)
            tx, key = act.tx, (caller.workload, request.request_id)
            tx.requests.hold(*key)
            found = tx.requests.find(*key, request.method, request.digest)
            if found is not None:
                return found
            answer = perform(act)
            tx.requests.add(*key, request.method, request.digest, answer, act.now)
            return answer


def _actor(tx: Transaction, caller: Caller) -> Actor:
    if tx.staff.disabled(caller.workload):
        raise WorkloadDisabled(
            "this workload is disabled; ask an operator", zh="该客户端身份已停用，请联系系统运维员"
        )
    if caller.staff_no is None:
        return Actor(caller.workload)
    staff = tx.staff.find(caller.staff_no)
    if staff is None or staff.disabled:
        raise StaffUnknown(
            f"staff number {caller.staff_no} is not on the staff table, or disabled",
            zh=f"工号 {caller.staff_no} 未登记或已停用，请联系系统运维员",
            staff=caller.staff_no,
        )
    return Actor(caller.workload, staff)
