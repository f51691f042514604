"""Who calls, for which purpose, and whether there is room: the step before every check."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from license_verify.claimed import Claimed
from license_verify.policy import Policy
from license_verify.rpc.call import current_call, current_caller
from license_verify.rpc.identity import Certificate, WorkloadKind
from license_verify.server.convert import policy_of
from license_verify.server.partners import errors
from license_verify.server.partners.act_errors import PartnerUnknown, unknown
from license_verify.server.partners.directory import Directory
from license_verify.server.partners.meter import Meters
from license_verify.server.partners.partner import CLAIMS, Grant, Partner, PartnerState
from license_verify.server.partners.seen import Seen
from license_verify.server.partners.snapshot import Snapshot
from license_verify.token.claims import BEIJING

_REFUSED: Final = {
    PartnerState.SUSPENDED: errors.suspended,
    PartnerState.ENDED: errors.ended,
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """The caller of the call being served."""

    name: str
    """As `partner/icbank` or `staff/0101`."""
    partner: str | None
    """Id of the partner that calls; None: an official or a service, or a node without partners."""
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A caller whose check for a purpose may be done."""

    caller: str
    """As `partner/icbank` or `staff/0101`."""
    partner: str | None
    """Id of the partner; None: an official or a service, or a node without partners."""
    policy: Policy
    """Of the purpose, its items narrowed to the grant's."""
    grant: Grant | None = None
    """None where no grant is needed."""

    @property
    def purpose(self) -> str:
        """Name of the purpose, never empty."""
        return self.policy.purpose

    @property
    def claims(self) -> frozenset[str]:
        """Which values may be claimed, names of `partner.CLAIMS`."""
        return CLAIMS if self.grant is None else self.grant.claims

    def allowed(self, claimed: Claimed | None) -> Claimed | None:
        """Of what was claimed, what may be compared; the rest is answered NOT_COMPARED."""
        grant = self.grant
        if claimed is None or grant is None or grant.claims >= CLAIMS:
            return claimed
        kept = Claimed(
            claimed.name if "name" in grant.claims else None,
            claimed.person if "person" in grant.claims else None,
            claimed.address if "address" in grant.claims else None,
        )
        return None if kept == Claimed() else kept


class Desk:
    """Admits callers. Officials and services need no grant and have no quota."""

    def __init__(
        self,
        directory: Directory | None,
        meters: Meters,
        seen: Seen,
        now: Callable[[], datetime],
    ) -> None:
        """`directory` is None on a node without a database, where partners need no grant."""
        self._directory = directory
        self._meters = meters
        self._seen = seen
        self._now = now
        self._cache: tuple[Snapshot | None, dict[tuple[str, str], Admitted]] = (None, {})

    def visitor(self) -> Visitor:
        """Who makes the call being served.

        Raises:
            PartnerNotEnrolled, PartnerSuspended, PartnerEnded, CertificateDisabled: a partner that
                may not.
            PartnersUnavailable: a partner, and this node knows none of them.
        """
        workload, certificate = current_caller(), current_call().certificate
        if self._directory is None or workload.kind is not WorkloadKind.PARTNER:
            return Visitor(workload.name, None, certificate)
        visitor = Visitor(workload.name, workload.id, certificate)
        self._known(self._directory, visitor)
        if certificate is not None:
            self._seen.note(workload.id, certificate, self._now())
        return visitor

    def require_still(self, visitor: Visitor) -> None:
        """Stop a caller that may not call any more, in the middle of a long call.

        Raises:
            IdentityUnknown: its certificate has ended meanwhile.
            PartnerSuspended, CertificateDisabled …: as `visitor`.
        """
        if visitor.certificate is not None:
            visitor.certificate.require_in_force(self._now())
        if self._directory is not None and visitor.partner is not None:
            self._known(self._directory, visitor)

    def place(self, visitor: Visitor) -> AbstractContextManager[None]:
        """Hold one of the partner's places for a call, so that its calls never take all threads.

        Raises:
            CallsTooMany: all are taken.
        """
        if self._directory is None or visitor.partner is None:
            return nullcontext()
        _, partner = self._known(self._directory, visitor)
        return self._meters.of(partner).place(partner.quota, current_call().remaining_seconds())

    def spend(self, visitor: Visitor, checks: int = 1) -> None:
        """Take that many checks off what the partner may ask for: all of them, or none.

        Raises:
            RateExhausted, DailyQuotaExhausted: not now; `retry_after` says when.
            BatchBeyondBurst: never so many at once.
        """
        if self._directory is None or visitor.partner is None:
            return
        _, partner = self._known(self._directory, visitor)
        now = self._now().astimezone(BEIJING)
        self._meters.of(partner).take(partner.quota, checks, now)

    def admit(self, visitor: Visitor, purpose: str) -> Admitted:
        """Let a check for a purpose be done; an empty one is `general`, to be granted like others.

        Raises:
            UnknownPurpose: the table does not hold it.
            PurposeNotGranted: with the purposes that are, in metadata `purposes`.
            PartnerSuspended, CertificateDisabled …: as `visitor`; it changed since.
        """
        if self._directory is None or visitor.partner is None:
            return Admitted(visitor.name, None, policy_of(purpose))
        snapshot, partner = self._known(self._directory, visitor)
        admitted = self._of_grant(snapshot, partner, visitor.name, purpose)
        today = self._now().astimezone(BEIJING).date()
        if admitted.grant is None or not admitted.grant.holds_on(today):
            raise errors.not_granted(partner, admitted.purpose, today)
        return admitted

    def granted(self, visitor: Visitor) -> tuple[Partner, date] | None:
        """The partner that calls as known now, and today in Beijing; None for others."""
        if self._directory is None or visitor.partner is None:
            return None
        _, partner = self._known(self._directory, visitor)
        return partner, self._now().astimezone(BEIJING).date()

    def title_of(self, caller: str) -> str:
        """What people call `partner/icbank`; empty: that is no partner, or none known here."""
        try:
            return self.known_title(caller)
        except (errors.PartnersUnavailable, PartnerUnknown):
            return ""

    def known_title(self, caller: str) -> str:
        """The same, for who is asked about by name.

        Raises:
            PartnerUnknown: nobody ever had that id.
            PartnersUnavailable: this node knows none of them.
        """
        kind, _, id_ = caller.partition("/")
        if self._directory is None or kind != WorkloadKind.PARTNER.value:
            return ""
        partner = self._directory.current().partners.get(id_)
        if partner is None:
            raise unknown(id_)
        return partner.title

    def _known(self, directory: Directory, visitor: Visitor) -> tuple[Snapshot, Partner]:
        snapshot, name = directory.current(), visitor.partner or ""
        partner = snapshot.partners.get(name)
        if partner is None:
            raise errors.not_enrolled(name)
        if partner.state is not PartnerState.ACTIVE:
            raise _REFUSED[partner.state](name)
        shown = visitor.certificate
        if shown is not None and shown.fingerprint in snapshot.disabled:
            raise errors.disabled(shown.fingerprint)
        return snapshot, partner

    def _of_grant(
        self, snapshot: Snapshot, partner: Partner, caller: str, purpose: str
    ) -> Admitted:
        """Made once for each purpose and snapshot; its grant is None where there is none."""
        of, cached = self._cache
        if of is not snapshot:
            cached = {}
            self._cache = (snapshot, cached)
        found = cached.get((partner.id, purpose))
        if found is None:
            policy = policy_of(purpose)
            grant = partner.grants.get(policy.purpose)
            if grant is not None:
                policy = replace(policy, items=policy.items & grant.items)
            found = cached[partner.id, purpose] = Admitted(caller, partner.id, policy, grant)
        return found
