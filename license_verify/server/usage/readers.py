"""Who may read usage and receipts of whom."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final

from license_verify.rpc.call import current_caller
from license_verify.rpc.identity import WorkloadKind
from license_verify.server.partners.desk import Desk
from license_verify.server.partners.officials import Officials
from license_verify.server.usage.convert import filter_of
from license_verify.server.usage.errors import not_yours
from yizhao.registry.v1 import unit_pb2

_ALL: Final = frozenset({unit_pb2.ROLE_CITY, unit_pb2.ROLE_AUDITOR})
"""Roles that read everybody's."""
_COUNTER: Final = frozenset({unit_pb2.ROLE_REGISTRAR, unit_pb2.ROLE_HEAD})


class Readers:
    """Tells whose usage a caller reads. `place` comes first: it refuses who may not call at all."""

    def __init__(self, desk: Desk, officials: Officials) -> None:
        self._desk = desk
        self._officials = officials

    def place(self) -> AbstractContextManager[None]:
        """Hold one of the calling partner's places while it is answered.

        Raises:
            CallsTooMany: all are taken; and as `Desk.visitor`.
        """
        return self._desk.place(self._desk.visitor())

    def one(self, partner: str) -> str:
        """Whose receipts are read: the caller's own, or those of `partner` for the city.

        Raises:
            UsageNotYours: another's, and the caller is not the city.
            InvalidRequest: nobody can be called so.
            PartnerUnknown: no partner ever was.
        """
        own = self._own()
        if partner in ("", own):
            return own
        if not self._reads_all():
            raise not_yours(partner, "city")
        named = filter_of("partner", partner)
        self._desk.known_title(named)  # refuses a stranger, who would have nothing
        return named

    def all_or_one(self, partner: str) -> str:
        """The same for sums; empty: everybody's, where the city names nobody."""
        return "" if not partner and self._reads_all() else self.one(partner)

    def may_see(self, partner: str) -> bool:
        """Whether the caller may read a receipt of that partner's."""
        return partner == self._own() or self._reads_all()

    def title_of(self, partner: str) -> str:
        """What people call who asked, where it is a partner that this node knows; else empty."""
        return self._desk.title_of(partner)

    def counters(self) -> frozenset[int]:
        """Units for which the caller stands at the counter."""
        return frozenset(
            int(each.unit.removeprefix("units/")) for each in self._held() if each.role in _COUNTER
        )

    def _own(self) -> str:
        return current_caller().name

    def _reads_all(self) -> bool:
        return any(each.role in _ALL for each in self._held())

    def _held(self) -> Sequence[unit_pb2.Assignment]:
        """What an official holds today; nobody else holds anything."""
        caller = current_caller()
        if caller.kind is not WorkloadKind.STAFF:
            return ()
        return self._officials.staff(caller).assignments
