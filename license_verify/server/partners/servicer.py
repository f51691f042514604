"""PartnerService."""

from typing import ClassVar

import grpc

from license_verify.rpc.paging import Page, from_microseconds, microseconds
from license_verify.server.partners import acts, convert, reading, second
from license_verify.server.partners.authority import ActName
from license_verify.server.partners.office import Act, Office
from license_verify.server.partners.partner import Partner, PartnerState
from license_verify.server.partners.watch_methods import WatchMethods
from yizhao.verify.v1 import partner_pb2
from yizhao.verify.v1 import partner_service_pb2 as pb
from yizhao.verify.v1 import partner_service_pb2_grpc as pb_grpc

_NEWEST: int = 2**56


class PartnerServicer(pb_grpc.PartnerServiceServicer):
    """See the contract for what each call promises."""

    NAME: ClassVar[str] = pb.DESCRIPTOR.services_by_name["PartnerService"].full_name

    def __init__(self, office: Office) -> None:
        self._office = office
        self._watch = WatchMethods(office)

    def EnrolPartner(
        self, request: pb.EnrolPartnerRequest, context: grpc.ServicerContext
    ) -> partner_pb2.PartnerAct:
        """See partner_service.proto."""

        def perform(act: Act) -> partner_pb2.PartnerAct:
            partner = Partner(
                reading.new_id(request.partner_id),
                reading.text("partner.title", request.partner.title, reading.TITLE),
                PartnerState.ACTIVE,
                reading.quota(request.partner.quota),
            )
            asked = acts.ask_enrolment(act, partner, _reason(request.reason))
            return convert.act_to_pb(asked, act.now, act.today)

        return self._office.once(
            ActName.ENROL_PARTNER, None, request, partner_pb2.PartnerAct, perform
        )

    def GetPartner(
        self, request: pb.GetPartnerRequest, context: grpc.ServicerContext
    ) -> partner_pb2.Partner:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.name)
        return self._office.read(
            ActName.GET_PARTNER, partner_id, lambda act: _shown(act, acts.found(act, partner_id))
        )

    def ListPartners(
        self, request: pb.ListPartnersRequest, context: grpc.ServicerContext
    ) -> pb.ListPartnersResponse:
        """See partner_service.proto."""

        def read(act: Act) -> pb.ListPartnersResponse:
            page = Page(request, str)
            found = act.partners.page(str(page.after[0]) if page.after else "", page.size + 1)
            shown, more = found[: page.size], len(found) > page.size
            return pb.ListPartnersResponse(
                partners=[_shown(act, each) for each in shown],
                next_page_token=page.token(shown[-1].id, more=more) if shown else "",
            )

        return self._office.read(ActName.LIST_PARTNERS, None, read)

    def UpdatePartner(
        self, request: pb.UpdatePartnerRequest, context: grpc.ServicerContext
    ) -> partner_pb2.Partner:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.partner.name, "partner.name")

        def perform(act: Act) -> partner_pb2.Partner:
            before = acts.found(act, partner_id, lock=True)
            title, quota = reading.changed(request, before)
            updated = acts.update(
                act,
                partner_id,
                title,
                quota,
                request.partner.etag,
                request.expected_title,
                _reason(request.reason),
            )
            return _shown(act, updated)

        return self._office.once(
            ActName.UPDATE_PARTNER, partner_id, request, partner_pb2.Partner, perform
        )

    def SuspendPartner(
        self, request: pb.SuspendPartnerRequest, context: grpc.ServicerContext
    ) -> partner_pb2.Partner:
        """See partner_service.proto."""
        return self._move(ActName.SUSPEND_PARTNER, request, PartnerState.SUSPENDED)

    def ResumePartner(
        self, request: pb.ResumePartnerRequest, context: grpc.ServicerContext
    ) -> partner_pb2.Partner:
        """See partner_service.proto."""
        return self._move(ActName.RESUME_PARTNER, request, PartnerState.ACTIVE)

    def EndPartner(
        self, request: pb.EndPartnerRequest, context: grpc.ServicerContext
    ) -> partner_pb2.Partner:
        """See partner_service.proto."""
        return self._move(ActName.END_PARTNER, request, PartnerState.ENDED)

    def GrantPurpose(
        self, request: pb.GrantPurposeRequest, context: grpc.ServicerContext
    ) -> partner_pb2.PartnerAct:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.parent, "parent")

        def perform(act: Act) -> partner_pb2.PartnerAct:
            grant = reading.grant(request.grant, act.today)
            reason = _reason(request.reason)
            asked = acts.ask_grant(act, partner_id, grant, request.expected_title, reason)
            return convert.act_to_pb(asked, act.now, act.today)

        return self._office.once(
            ActName.GRANT_PURPOSE, partner_id, request, partner_pb2.PartnerAct, perform
        )

    def RevokeGrant(
        self, request: pb.RevokeGrantRequest, context: grpc.ServicerContext
    ) -> partner_pb2.Grant:
        """See partner_service.proto."""
        partner_id, purpose = reading.split(request.name, "partners/*/grants/*")

        def perform(act: Act) -> partner_pb2.Grant:
            reason = _reason(request.reason)
            revoked = acts.revoke_grant(act, partner_id, purpose, request.etag, reason)
            return convert.grant_to_pb(partner_id, revoked, act.today)

        return self._office.once(
            ActName.REVOKE_GRANT, partner_id, request, partner_pb2.Grant, perform
        )

    def ListGrants(
        self, request: pb.ListGrantsRequest, context: grpc.ServicerContext
    ) -> pb.ListGrantsResponse:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.parent, "parent")

        def read(act: Act) -> pb.ListGrantsResponse:
            page = Page(request, str)
            after = str(page.after[0]) if page.after else ""
            rest = [
                each for name, each in acts.found(act, partner_id).grants.items() if name > after
            ]
            shown, more = rest[: page.size], len(rest) > page.size
            return pb.ListGrantsResponse(
                grants=[convert.grant_to_pb(partner_id, each, act.today) for each in shown],
                next_page_token=page.token(shown[-1].purpose, more=more) if shown else "",
            )

        return self._office.read(ActName.LIST_GRANTS, partner_id, read)

    def ListCertificates(
        self, request: pb.ListCertificatesRequest, context: grpc.ServicerContext
    ) -> pb.ListCertificatesResponse:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.parent, "parent")

        def read(act: Act) -> pb.ListCertificatesResponse:
            page = Page(request, str)
            after = reading.fingerprint_after(page.after)
            acts.found(act, partner_id)
            found = act.partners.certificates(partner_id, after, page.size + 1)
            shown, more = found[: page.size], len(found) > page.size
            return pb.ListCertificatesResponse(
                certificates=[convert.certificate_to_pb(each) for each in shown],
                next_page_token=(
                    page.token(shown[-1].fingerprint.hex(), more=more) if shown else ""
                ),
            )

        return self._office.read(ActName.LIST_CERTIFICATES, partner_id, read)

    def DisableCertificate(
        self, request: pb.DisableCertificateRequest, context: grpc.ServicerContext
    ) -> partner_pb2.PartnerCertificate:
        """See partner_service.proto."""
        partner_id, fingerprint = reading.split(request.name, "partners/*/certificates/*")

        def perform(act: Act) -> partner_pb2.PartnerCertificate:
            reason = _reason(request.reason)
            known = acts.disable_certificate(act, partner_id, bytes.fromhex(fingerprint), reason)
            return convert.certificate_to_pb(known)

        return self._office.once(
            ActName.DISABLE_CERTIFICATE,
            partner_id,
            request,
            partner_pb2.PartnerCertificate,
            perform,
        )

    def ConfirmPartnerAct(
        self, request: pb.ConfirmPartnerActRequest, context: grpc.ServicerContext
    ) -> partner_pb2.PartnerAct:
        """See partner_service.proto."""
        partner_id, number = reading.split(request.name, "partners/*/acts/*")

        def perform(act: Act) -> partner_pb2.PartnerAct:
            closed = second.answer(
                act,
                partner_id,
                int(number),
                request.expected_title,
                refuse=request.refuse,
                reason=reading.text("reason", request.reason, reading.REASON, required=False),
            )
            return convert.act_to_pb(closed, act.now, act.today)

        return self._office.once(
            ActName.CONFIRM_PARTNER_ACT, partner_id, request, partner_pb2.PartnerAct, perform
        )

    def WithdrawPartnerAct(
        self, request: pb.WithdrawPartnerActRequest, context: grpc.ServicerContext
    ) -> partner_pb2.PartnerAct:
        """See partner_service.proto."""
        partner_id, number = reading.split(request.name, "partners/*/acts/*")

        def perform(act: Act) -> partner_pb2.PartnerAct:
            closed = second.withdraw(act, partner_id, int(number), _reason(request.reason))
            return convert.act_to_pb(closed, act.now, act.today)

        return self._office.once(
            ActName.WITHDRAW_PARTNER_ACT, partner_id, request, partner_pb2.PartnerAct, perform
        )

    def ListPartnerActs(
        self, request: pb.ListPartnerActsRequest, context: grpc.ServicerContext
    ) -> pb.ListPartnerActsResponse:
        """See partner_service.proto."""
        every = request.parent == "partners/-"
        partner_id = None if every else reading.partner_id(request.parent, "parent")

        def read(act: Act) -> pb.ListPartnerActsResponse:
            page = Page(request, int, str, int)
            at, of, number = page.after or (_NEWEST, "", 0)
            before = (from_microseconds(int(at)), str(of), int(number))
            found = act.acts.page(
                partner_id, before, act.now, page.size + 1, waiting=request.waiting_only
            )
            if partner_id is not None and not found and not page.after:
                acts.found(act, partner_id)  # one whose enrolment waits has an act, and is none
            shown, more = found[: page.size], len(found) > page.size
            token = ""
            if shown:
                last = shown[-1]
                token = page.token(
                    microseconds(last.asked_at), last.partner_id, last.number, more=more
                )
            return pb.ListPartnerActsResponse(
                acts=[convert.act_to_pb(each, act.now, act.today) for each in shown],
                next_page_token=token,
            )

        return self._office.read(ActName.LIST_PARTNER_ACTS, partner_id, read)

    def WatchCodes(
        self, request: pb.WatchCodesRequest, context: grpc.ServicerContext
    ) -> pb.WatchCodesResponse:
        """See partner_service.proto."""
        return self._watch.add(request)

    def UnwatchCodes(
        self, request: pb.UnwatchCodesRequest, context: grpc.ServicerContext
    ) -> pb.UnwatchCodesResponse:
        """See partner_service.proto."""
        return self._watch.remove(request)

    def ListWatchedCodes(
        self, request: pb.ListWatchedCodesRequest, context: grpc.ServicerContext
    ) -> pb.ListWatchedCodesResponse:
        """See partner_service.proto."""
        return self._watch.codes(request)

    def ListWatchedChanges(
        self, request: pb.ListWatchedChangesRequest, context: grpc.ServicerContext
    ) -> pb.ListWatchedChangesResponse:
        """See partner_service.proto."""
        return self._watch.changes(request)

    def _move(
        self,
        name: ActName,
        request: pb.SuspendPartnerRequest | pb.ResumePartnerRequest | pb.EndPartnerRequest,
        to: PartnerState,
    ) -> partner_pb2.Partner:
        partner_id = reading.partner_id(request.name)

        def perform(act: Act) -> partner_pb2.Partner:
            reason = _reason(request.reason)
            return _shown(act, acts.move(act, partner_id, to, request.expected_title, reason))

        return self._office.once(name, partner_id, request, partner_pb2.Partner, perform)


def _reason(given: str) -> str:
    return reading.text("reason", given, reading.REASON)


def _shown(act: Act, partner: Partner) -> partner_pb2.Partner:
    return convert.partner_to_pb(partner, act.acts.waiting(partner.id, act.now))
