"""Partners of the verifying service: who they are, what they may see, what they watch."""

from collections.abc import Iterator, Sequence
from typing import Self

import grpc
from google.protobuf.field_mask_pb2 import FieldMask

from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from clients.sdk.channel import open_channel
from clients.sdk.closing import Closing
from license_verify.rpc.tls import TlsFiles
from yizhao.verify.v1 import partner_pb2
from yizhao.verify.v1 import partner_service_pb2 as pb
from yizhao.verify.v1.partner_service_pb2_grpc import PartnerServiceStub

CODES_A_CALL = 1000


class PartnerClient(Closing):
    """PartnerService, as an official or as a partner itself.

    >>> with PartnerClient.open("127.0.0.1:40124", identity) as partners:  # doctest: +SKIP
    ...     partners.get("partners/icbank").title
    """

    def __init__(self, channel: grpc.Channel, timeout_seconds: float = 20.0) -> None:
        self._channel = channel
        self._stub = PartnerServiceStub(channel)
        self._caller = Caller("the verifying service", timeout_seconds)

    @classmethod
    def open(cls, address: str, identity: TlsFiles, timeout_seconds: float = 20.0) -> Self:
        """Connect to `host:port`; the connection is made at the first call."""
        return cls(open_channel(address, identity), timeout_seconds)

    def enrol(
        self, partner_id: str, partner: partner_pb2.Partner, reason: str
    ) -> partner_pb2.PartnerAct:
        """Ask to enrol a partner with that title and quota."""
        request = pb.EnrolPartnerRequest(
            partner_id=partner_id, partner=partner, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.EnrolPartner, request)

    def get(self, name: str) -> partner_pb2.Partner:
        """`partners/{partner}`."""
        return self._caller.call(self._stub.GetPartner, pb.GetPartnerRequest(name=name))

    def list(self) -> Iterator[partner_pb2.Partner]:
        """All partners, by id."""

        def fetch(token: str) -> pb.ListPartnersResponse:
            request = pb.ListPartnersRequest(page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListPartners, request)

        return every(fetch, lambda page: iter(page.partners))

    def update(
        self, partner: partner_pb2.Partner, fields: Sequence[str], expected_title: str, reason: str
    ) -> partner_pb2.Partner:
        """Change the named fields, as `title` or `quota.burst`; what is raised waits."""
        request = pb.UpdatePartnerRequest(
            partner=partner,
            update_mask=FieldMask(paths=fields),
            expected_title=expected_title,
            reason=reason,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.UpdatePartner, request)

    def suspend(self, name: str, expected_title: str, reason: str) -> partner_pb2.Partner:
        """Stop a partner's calls until it is resumed."""
        request = pb.SuspendPartnerRequest(
            name=name, expected_title=expected_title, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.SuspendPartner, request)

    def resume(self, name: str, expected_title: str, reason: str) -> partner_pb2.Partner:
        """Let a suspended partner call again."""
        request = pb.ResumePartnerRequest(
            name=name, expected_title=expected_title, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ResumePartner, request)

    def end(self, name: str, expected_title: str, reason: str) -> partner_pb2.Partner:
        """End a partner's enrolment for good."""
        request = pb.EndPartnerRequest(
            name=name, expected_title=expected_title, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.EndPartner, request)

    def grant(
        self, name: str, grant: partner_pb2.Grant, expected_title: str, reason: str
    ) -> partner_pb2.PartnerAct:
        """Ask to let a partner check licences for a purpose."""
        request = pb.GrantPurposeRequest(
            parent=name,
            grant=grant,
            expected_title=expected_title,
            reason=reason,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.GrantPurpose, request)

    def revoke_grant(self, name: str, reason: str) -> partner_pb2.Grant:
        """Take `partners/{partner}/grants/{purpose}` back at once."""
        request = pb.RevokeGrantRequest(name=name, reason=reason, request_id=new_request_id())
        return self._caller.call(self._stub.RevokeGrant, request)

    def grants(self, name: str) -> Iterator[partner_pb2.Grant]:
        """A partner's grants by purpose, those that are over included."""

        def fetch(token: str) -> pb.ListGrantsResponse:
            request = pb.ListGrantsRequest(parent=name, page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListGrants, request)

        return every(fetch, lambda page: iter(page.grants))

    def certificates(self, name: str) -> Iterator[partner_pb2.PartnerCertificate]:
        """Certificates by which a partner called."""

        def fetch(token: str) -> pb.ListCertificatesResponse:
            request = pb.ListCertificatesRequest(parent=name, page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListCertificates, request)

        return every(fetch, lambda page: iter(page.certificates))

    def disable_certificate(self, name: str, reason: str) -> partner_pb2.PartnerCertificate:
        """Refuse `partners/{partner}/certificates/{fingerprint}` from now on."""
        request = pb.DisableCertificateRequest(
            name=name, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.DisableCertificate, request)

    def acts(
        self, name: str = "partners/-", *, waiting_only: bool = False
    ) -> Iterator[partner_pb2.PartnerAct]:
        """Acts on a partner, or on all of them, newest first."""

        def fetch(token: str) -> pb.ListPartnerActsResponse:
            request = pb.ListPartnerActsRequest(
                parent=name, waiting_only=waiting_only, page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListPartnerActs, request)

        return every(fetch, lambda page: iter(page.acts))

    def confirm(self, name: str, expected_title: str) -> partner_pb2.PartnerAct:
        """Do `partners/{partner}/acts/{act}`, which another asked for."""
        request = pb.ConfirmPartnerActRequest(
            name=name, expected_title=expected_title, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ConfirmPartnerAct, request)

    def refuse(self, name: str, reason: str) -> partner_pb2.PartnerAct:
        """Turn `partners/{partner}/acts/{act}` down."""
        request = pb.ConfirmPartnerActRequest(
            name=name, refuse=True, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ConfirmPartnerAct, request)

    def withdraw(self, name: str, reason: str) -> partner_pb2.PartnerAct:
        """Take `partners/{partner}/acts/{act}` back, which the caller asked for."""
        request = pb.WithdrawPartnerActRequest(
            name=name, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.WithdrawPartnerAct, request)

    def watch(self, name: str, usccs: Sequence[str]) -> int:
        """Ask to be told of changes to codes, 1,000 a call; how many are watched now."""
        count = 0
        for at in range(0, len(usccs), CODES_A_CALL):
            request = pb.WatchCodesRequest(
                parent=name, usccs=usccs[at : at + CODES_A_CALL], request_id=new_request_id()
            )
            count = self._caller.call(self._stub.WatchCodes, request).watched_count
        return count

    def unwatch(self, name: str, usccs: Sequence[str]) -> int:
        """Ask to be told no more; how many are watched now."""
        count = 0
        for at in range(0, len(usccs), CODES_A_CALL):
            request = pb.UnwatchCodesRequest(
                parent=name, usccs=usccs[at : at + CODES_A_CALL], request_id=new_request_id()
            )
            count = self._caller.call(self._stub.UnwatchCodes, request).watched_count
        return count

    def watched(self, name: str) -> Iterator[partner_pb2.WatchedCode]:
        """Codes that a partner watches, in order."""

        def fetch(token: str) -> pb.ListWatchedCodesResponse:
            request = pb.ListWatchedCodesRequest(parent=name, page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListWatchedCodes, request)

        return every(fetch, lambda page: iter(page.codes))

    def changes(self, name: str, after: int = 0) -> Iterator[pb.ListWatchedChangesResponse]:
        """What happened to watched codes after that number, a page at a time, until now.

        Keep a page's `last_number` together with what was done for it, and go on after it.
        """
        while True:
            request = pb.ListWatchedChangesRequest(parent=name, after=after, page_size=PAGE_SIZE)
            page = self._caller.call(self._stub.ListWatchedChanges, request)
            yield page
            if not page.more:
                return
            after = page.last_number

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()
