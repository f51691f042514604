"""The desk: opens an act for a caller, and answers a repeated request as the first time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from registry_service.domain.errors import RegistryError, StaffUnknown, WorkloadDisabled
from registry_service.domain.review import ReviewPolicy
from registry_service.domain.staff import Actor
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act
from registry_service.operations.look import Sight, look_of
from registry_service.store.entities import unknown
from registry_service.store.staff import Standing
from registry_service.store.transaction import Store, Transaction

_MOST_STANDINGS: Final = 4096


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the certificate says."""

    workload: str
    """SPIFFE id."""
    staff_no: str | None
    """Set for `/staff/<no>`."""
    seconds: float | None
    """Time left to answer."""

    @property
    def who(self) -> tuple[str, str]:
        """Workload and staff number, which is empty for a service."""
        return self.workload, self.staff_no or ""


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
        self._standings: dict[tuple[str, str], Standing] = {}

    @contextmanager
    def act(self, caller: Caller) -> Iterator[Act]:
        """An act in a transaction of its own, committed when the block ends.

        Raises:
            StaffUnknown: the certificate names a person not on the staff table, or disabled.
            WorkloadDisabled: the workload stands on the list of disabled ones.
            DatabaseUnavailable: nothing was changed.
        """
        with self.store.transaction(caller.seconds) as tx:
            standing = tx.staff.standing(*caller.who)
            yield self._act(tx, caller, standing)

    @contextmanager
    def read(self, caller: Caller) -> Iterator[Act]:
        """An act that changes nothing but who looked: no transaction around it (`Store.reading`).

        Raises:
            StaffUnknown, WorkloadDisabled, DatabaseUnavailable: as for `act`.
        """
        with self.store.reading(
            lambda tx, limit: tx.staff.standing_to_read(*caller.who, limit), caller.seconds
        ) as (tx, standing):
            yield self._act(tx, caller, standing)

    @contextmanager
    def look(self, caller: Caller, sight: Sight) -> Iterator[tuple[Act, Whole]]:
        """As `read`, and the entity that is looked at: one statement finds it and keeps who looked.

        Raises:
            StaffUnknown, WorkloadDisabled, DatabaseUnavailable: as for `act`.
            RoleMissing: they may not; that is not kept.
            EntityUnknown: none has or had the code; that is not kept.
        """
        with self.store.reading(
            lambda tx, limit: self._looked(tx, caller, sight, limit), caller.seconds
        ) as (_, found):
            yield found

    def _looked(
        self, tx: Transaction, caller: Caller, sight: Sight, limit: int
    ) -> tuple[Act, Whole]:
        """By what this process knows of the caller from before, if that is still so."""
        known = self._standings.get(caller.who)
        if known is not None:
            with suppress(RegistryError):  # what they lacked they may have got meanwhile
                if (found := self._judged(tx, caller, sight, known, limit)) is not None:
                    return found
        while True:
            standing = tx.staff.standing_to_read(*caller.who, limit)
            if (found := self._judged(tx, caller, sight, standing, limit)) is not None:
                self._remember(caller, standing)
                return found

    def _judged(
        self, tx: Transaction, caller: Caller, sight: Sight, standing: Standing, limit: int
    ) -> tuple[Act, Whole] | None:
        """None if the statement that looks finds that the standing is so no more."""
        act = self._act(tx, caller, standing)
        sight.authorise(act)
        look = look_of(act, sight.method, sight.purpose)
        whole, still = tx.wholes.look(sight.code, look, standing.revision, act.today, limit)
        if not still:
            return None
        if whole is None:
            raise unknown(sight.code)
        return act, whole

    def _act(self, tx: Transaction, caller: Caller, standing: Standing) -> Act:
        return Act(tx, _actor(caller, standing), self._now(), self._policy)

    def _remember(self, caller: Caller, standing: Standing) -> None:
        if len(self._standings) >= _MOST_STANDINGS:
            self._standings.clear()  # of callers that are gone, mostly; the others are read again
        self._standings[caller.who] = standing

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


def _actor(caller: Caller, standing: Standing) -> Actor:
    if standing.barred:
        raise WorkloadDisabled(
            "this workload is disabled; ask an operator", zh="该客户端身份已停用，请联系系统运维员"
        )
    if caller.staff_no is None:
        return Actor(caller.workload)
    staff = standing.staff
    if staff is None or staff.disabled:
        raise StaffUnknown(
            f"staff number {caller.staff_no} is not on the staff table, or disabled",
            zh=f"工号 {caller.staff_no} 未登记或已停用，请联系系统运维员",
            staff=caller.staff_no,
        )
    return Actor(caller.workload, staff)
