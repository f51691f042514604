"""Who may read usage and receipts of whom."""

from collections.abc import Mapping
from typing import Final, Protocol

from license_verify.rpc.call import current_caller
from license_verify.rpc.identity import Workload, WorkloadKind
from license_verify.server.partners.desk import Desk
from license_verify.server.usage.errors import not_yours

_ALL: Final = ("city", "auditor")
"""Roles that read everybody's."""
_COUNTER: Final = ("registrar", "head")


class Roles(Protocol):
    """What officials may do, as the registry says."""

    def held(self, official: Workload) -> Mapping[str, frozenset[int]]:
        """Units by role, as `registrar`, in force today.

        Raises:
            Refusal: the registry does not say.
        """


class Readers:
    """Tells whose usage a caller reads. A partner that may not call at all is refused here too."""

    def __init__(self, desk: Desk, roles: Roles) -> None:
        self._desk = desk
        self._roles = roles

    def one(self, partner: str) -> str:
        """Whose receipts are read: the caller's own, or those of `partner` for the city.

        Raises:
            UsageNotYours: another's, and the caller is not the city.
        """
        own = self._own()
        if partner in ("", own):
            return own
        if not self._reads_all():
            raise not_yours(partner, _ALL[0])
        return partner

    def all_or_one(self, partner: str) -> str:
        """The same for sums; empty: everybody's, where the city names nobody."""
        return "" if not partner and self._reads_all() else self.one(partner)

    def may_see(self, partner: str) -> bool:
        """Whether the caller may read a receipt of that partner's."""
        return partner == self._own() or self._reads_all()

    def counters(self) -> frozenset[int]:
        """Units for which the caller stands at the counter."""
        self._own()
        held = self._held()
        return frozenset[int]().union(*(held.get(role, ()) for role in _COUNTER))

    def _own(self) -> str:
        return self._desk.visitor().name

    def _reads_all(self) -> bool:
        held = self._held()
        return any(held.get(role) for role in _ALL)

    def _held(self) -> Mapping[str, frozenset[int]]:
        caller = current_caller()
        return self._roles.held(caller) if caller.kind is WorkloadKind.STAFF else {}
