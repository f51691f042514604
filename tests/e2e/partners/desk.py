"""A node with a database, the officials who enrol partners, and the partners themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

import grpc
import pytest

from license_verify.rpc.client import open_channel
from license_verify.rpc.errors import RpcFailure, from_rpc_error
from license_verify.rpc.identity import Authority
from license_verify.rpc.tls import TlsFiles
from tests.e2e.page.node import until
from tests.rpc.verify.authority import Authorities
from yizhao.verify.v1 import partner_pb2, verify_service_pb2
from yizhao.verify.v1 import partner_service_pb2 as pb
from yizhao.verify.v1.partner_service_pb2_grpc import PartnerServiceStub
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

OPERATOR, CITY, POLICY, POLICY_2, AUDITOR = "0001", "0900", "0801", "0802", "0999"
STAFF = {
    f"staff/{OPERATOR}": ("OPERATOR",),
    f"staff/{CITY}": ("CITY",),
    "staff/0910": ("CITY",),
    f"staff/{POLICY}": ("POLICY",),
    f"staff/{POLICY_2}": ("POLICY",),
    f"staff/{AUDITOR}": ("AUDITOR",),
    "staff/0101": ("REGISTRAR",),
}
TITLE = "济宁试写银行"


@dataclass
class Caller:
    """One workload's stubs; Any for their metadata arguments."""

    channel: grpc.Channel

    @cached_property
    def partners(self) -> Any:
        return PartnerServiceStub(self.channel)

    @cached_property
    def verify(self) -> Any:
        return VerifyServiceStub(self.channel)


@dataclass
class Desk:
    """Speaks to a node as whoever is asked for."""

    address: str
    authorities: Authorities
    open: list[grpc.Channel] = field(default_factory=list)
    known: dict[str, Caller] = field(default_factory=dict)

    def as_(self, name: str) -> Caller:
        """As `partner/icbank`, or an official by number; one connection each."""
        if name not in self.known:
            self.known[name] = self.with_certificate(self.certificate(name))
        return self.known[name]

    def certificate(self, name: str) -> TlsFiles:
        """A new certificate for a workload."""
        if "/" in name:
            return self.authorities.client(name, Authority.PARTNERS)
        return self.authorities.client(f"staff/{name}", Authority.OFFICIALS)

    def with_certificate(self, tls: TlsFiles) -> Caller:
        """A connection of its own that shows this certificate."""
        channel = open_channel(self.address, tls, deadline_seconds=30)
        self.open.append(channel)
        return Caller(channel)

    def confirm(self, act: partner_pb2.PartnerAct, by: str = CITY) -> partner_pb2.PartnerAct:
        confirmed: partner_pb2.PartnerAct = self.as_(by).partners.ConfirmPartnerAct(
            pb.ConfirmPartnerActRequest(
                name=act.name, expected_title=act.title, request_id=str(uuid4())
            )
        )
        return confirmed

    def enrol(self, partner: str = "icbank", title: str = TITLE, **quota: int) -> None:
        """Enrol a partner, and wait until the node knows it."""
        asked = self.as_(OPERATOR).partners.EnrolPartner(
            pb.EnrolPartnerRequest(
                partner_id=partner,
                partner=partner_pb2.Partner(title=title, quota=partner_pb2.PartnerQuota(**quota)),
                reason="协议 2026-1 号",
            )
        )
        assert self.confirm(asked).state == partner_pb2.PARTNER_ACT_STATE_DONE
        self.await_not(partner, "PARTNER_NOT_ENROLLED")

    def grant(
        self,
        purpose: str = "banking",
        items: tuple[str, ...] = ("name", "type", "registrar"),
        claims: tuple[str, ...] = ("name",),
        partner: str = "icbank",
        title: str = TITLE,
    ) -> None:
        """Grant a purpose, and wait until the node knows it."""
        asked = self.as_(POLICY).partners.GrantPurpose(
            pb.GrantPurposeRequest(
                parent=f"partners/{partner}",
                grant=partner_pb2.Grant(purpose=purpose, items=items, claims=claims),
                expected_title=title,
                reason="协议 2026-1 号",
            )
        )
        self.confirm(asked, POLICY_2)
        self.await_not(partner, "PURPOSE_NOT_GRANTED", purpose)

    def await_not(self, partner: str, reason: str, purpose: str = "") -> None:
        """Wait until a check of this partner is not refused for this reason."""

        def other() -> bool:
            found = refusal(self.as_(f"partner/{partner}"), "x", purpose)
            return found is None or found.reason != reason

        until(other)

    def await_refused(self, caller: Caller, reason: str, purpose: str = "banking") -> RpcFailure:
        """Wait until a check of this caller is refused for this reason."""
        found: list[RpcFailure] = []

        def refused() -> bool:
            told = refusal(caller, "x", purpose)
            if told is None or told.reason != reason:
                return False
            found.append(told)
            return True

        until(refused)
        return found[0]

    def tell(self, partner: str = "icbank") -> None:
        """Let the node follow what was written past it: it does after every act of its own."""
        self.as_(OPERATOR).partners.DisableCertificate(
            pb.DisableCertificateRequest(
                name=f"partners/{partner}/certificates/{'0' * 64}", reason="试"
            )
        )

    def close(self) -> None:
        for channel in self.open:
            channel.close()


def a_check(scan: str, purpose: str = "banking", **more: Any) -> verify_service_pb2.VerifyRequest:
    subject = verify_service_pb2.Subject(scan=scan)
    return verify_service_pb2.VerifyRequest(subject=subject, purpose=purpose, **more)


def refusal(caller: Caller, scan: str, purpose: str = "banking") -> RpcFailure | None:
    """How the node refuses a check; None: it answers."""
    try:
        caller.verify.Verify(a_check(scan, purpose))
    except grpc.RpcError as error:
        return from_rpc_error(error)
    return None


@contextmanager
def refused(reason: str) -> Iterator[list[RpcFailure]]:
    """Expect a refusal for this reason; it is in the list afterwards."""
    told: list[RpcFailure] = []
    with pytest.raises(grpc.RpcError) as caught:
        yield told
    failure = from_rpc_error(caught.value)
    assert failure.reason == reason, f"{failure.code} {failure.reason}: {failure.message}"
    told.append(failure)
