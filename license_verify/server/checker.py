"""One way to an answer for RPC and page: published data first, the live register where it helps."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from license_verify.checks import CheckName, Result
from license_verify.claimed import Claimed
from license_verify.judging import judge, verify_subject
from license_verify.opened import Opened
from license_verify.opened_scans import OpenedScans
from license_verify.policy import Policy
from license_verify.reasons import Reason
from license_verify.record import PublicRecord
from license_verify.server.bundles import Bundles
from license_verify.server.live import LiveRegister
from license_verify.statement_check import (
    StatementVerdict,
    check_statement,
    open_statement_for,
)
from license_verify.verdict import DocumentStatus, Verdict

NOTHING_AHEAD: Final[Mapping[str, Opened]] = MappingProxyType({})
"""No scan was opened before."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict, and what the live register said if it was asked and answered."""

    verdict: Verdict
    record: PublicRecord | None = None


class Checker:
    """Checks scans and typed codes with the data that this node holds."""

    def __init__(self, bundles: Bundles, live: LiveRegister, now: Callable[[], datetime]) -> None:
        self._bundles = bundles
        self._live = live
        self._now = now
        self._opened = OpenedScans()

    def open_ahead(self, texts: Iterable[str]) -> dict[str, Opened]:
        """Open several scan texts, for `scan` to go on with: quicker than one after the other."""
        return self._opened.open_all(texts, self._bundles.current().trust)

    def scan(
        self,
        text: str,
        policy: Policy,
        *,
        claims: Claimed | None = None,
        as_of: date | None = None,
        with_record: bool = False,
        ahead: Mapping[str, Opened] = NOTHING_AHEAD,
    ) -> Checked:
        """Check a scan text.

        The live register is asked only after the signature passed: nobody makes this node ask
        about a firm without showing that firm's own code.

        Args:
            text: the scan text.
            policy: of the purpose.
            claims: values to be compared.
            as_of: a business date other than today.
            with_record: the live register is asked in any case.
            ahead: scans that were opened just before; the published data may be newer by now.

        Raises:
            UnfitText: a claimed value is blank, too long or has invisible characters.
        """
        trust, now = self._bundles.current().trust, self._now()
        opened = ahead.get(text)
        if opened is None or opened.trust_version != trust.version:
            opened = self._opened.open(text, trust)
        verdict = judge(opened, trust, now, policy, as_of, claims)
        if verdict.uscc is None or not (with_record or _wants_record(verdict, policy, claims)):
            return Checked(verdict)
        if _in_future(verdict):
            return Checked(verdict)
        live = self._live.record(verdict.uscc, policy.purpose, verdict.as_of)
        if live is None:
            return Checked(verdict)
        record = live if isinstance(live, PublicRecord) else None
        return Checked(judge(opened, trust, now, policy, as_of, claims, live), record)

    def code(
        self,
        code: str,
        policy: Policy,
        *,
        claims: Claimed | None = None,
        as_of: date | None = None,
    ) -> Verdict:
        """Look a typed credit code or registration number up; it proves no licence.

        Raises:
            UnfitText: as `scan`.
        """
        trust, now = self._bundles.current().trust, self._now()
        verdict = verify_subject(code, trust, now, policy, as_of, claims)
        if verdict.check(CheckName.READ).result is not Result.PASSED or _in_future(verdict):
            return verdict
        live = self._live.record(code, policy.purpose, verdict.as_of)
        return verify_subject(code, trust, now, policy, as_of, claims, live)

    def statement(self, content: bytes, policy: Policy) -> StatementVerdict:
        """Check a premises statement by the published data alone.

        Raises:
            StatementWithoutTrust: by the data that is here nobody can tell.
            StatementRefused: it is not genuine.
        """
        trust, now = self._bundles.current().trust, self._now()
        opened = open_statement_for(content, trust, now, policy)
        return check_statement(opened, trust, now, policy)


def _wants_record(verdict: Verdict, policy: Policy, claims: Claimed | None) -> bool:
    """Whether the live register can add something that was asked for."""
    asked_for_place = policy.place_required or (claims is not None and claims.address is not None)
    asked_for = asked_for_place or policy.live_required or verdict.as_of is not None
    return asked_for or verdict.status is DocumentStatus.SUPERSEDED


def _in_future(verdict: Verdict) -> bool:
    """Whether it is about a day that no register can tell of."""
    return verdict.check(CheckName.STATUS).reason is Reason.AS_OF_IN_FUTURE
