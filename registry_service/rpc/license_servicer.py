"""LicenseService."""

from collections.abc import Callable
from typing import Final

import grpc

from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page
from license_verify.token.scan import ScanText
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest, LicenseUnknown
from registry_service.domain.license import ABOVE_VERSIONS, LicenseState, SignedDocument
from registry_service.domain.unit import UnitTree
from registry_service.domain.whole import Whole
from registry_service.issuing.symbol import draw
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.finish_intents import Finisher, issued_instead
from registry_service.operations.finish_statements import StatementFinisher
from registry_service.operations.issue_license import issue_license
from registry_service.operations.issue_site_code import issue_site_code
from registry_service.operations.look import Sight
from registry_service.operations.reissue_license import reissue_license, void_lost_license
from registry_service.rpc import convert_license as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import purpose_from_pb, text_from_pb
from registry_service.rpc.copy_methods import COPIES, CopyMethods, find_copy
from registry_service.rpc.page_methods import PageMethods, Printing
from registry_service.rpc.statement_methods import StatementMethods
from yizhao.registry.v1 import (
    license_pb2,
    license_service_pb2_grpc,
    premises_statement_pb2,
)
from yizhao.registry.v1 import license_service_pb2 as pb

_LICENSES: Final = "entities/*/licenses/*"
_CODES: Final = "entities/*/premises/*/codes/*"
_BASIS: Final = 512


class LicenseServicer(license_service_pb2_grpc.LicenseServiceServicer):
    """Signed licences, their printed copies, site codes and premises statements."""

    def __init__(
        self,
        answers: Answers,
        finisher: Finisher,
        statements: StatementFinisher,
        printing: Printing,
    ) -> None:
        self._answers = answers
        self._finisher = finisher
        self._pages = PageMethods(answers, printing)
        self._copies = CopyMethods(answers, finisher)
        self._statements = StatementMethods(answers, statements)

    def IssueLicense(
        self, request: pb.IssueLicenseRequest, context: grpc.ServicerContext
    ) -> license_pb2.License:
        """See license_service.proto."""
        return self._issued(request, issue_license)

    def ReissueLicense(
        self, request: pb.ReissueLicenseRequest, context: grpc.ServicerContext
    ) -> license_pb2.License:
        """See license_service.proto."""

        def reissue(act: Act, code: str, request_id: str | None) -> SignedDocument:
            authorise(act, ActName.REISSUE_LICENSE, entity=lock_entity(act, code))
            reason = text_from_pb("basis", request.basis, _BASIS)
            return reissue_license(act, code, reason, request_id)

        return self._issued(request, reissue)

    def VoidLostLicense(
        self, request: pb.VoidLostLicenseRequest, context: grpc.ServicerContext
    ) -> license_pb2.License:
        """See license_service.proto."""
        (code,), version = convert.versioned(request.name, _LICENSES)

        def perform(act: Act) -> license_pb2.License:
            entity = lock_entity(act, code)
            authorise(act, ActName.VOID_LOST_LICENSE, entity=entity)
            basis = text_from_pb("basis", request.basis, _BASIS)
            document = void_lost_license(act, code, version, basis)
            return convert.license_to_pb(document, entity.uscc, act.units)

        return self._answers.once(request, request.request_id, license_pb2.License, perform)

    def GetLicense(
        self, request: pb.GetLicenseRequest, context: grpc.ServicerContext
    ) -> license_pb2.License:
        """See license_service.proto."""
        (code,), version = convert.versioned(request.name, _LICENSES)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> license_pb2.License:
            entity = looked.entity
            document = act.tx.licenses.find(entity.number, None, version)
            return convert.license_to_pb(document, entity.uscc, act.units)

        return self._answers.look(Sight.of(ActName.GET_LICENSE, code, purpose), read)

    def ListLicenses(
        self, request: pb.ListLicensesRequest, context: grpc.ServicerContext
    ) -> pb.ListLicensesResponse:
        """See license_service.proto."""
        code, page = names.code(request.parent, "parent"), Page(request, int)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> pb.ListLicensesResponse:
            entity, before = looked.entity, int(page.after[0]) if page.after else ABOVE_VERSIONS
            found = act.tx.licenses.page(entity.number, before, page.size + 1)
            listed, more = found[: page.size], len(found) > page.size
            return pb.ListLicensesResponse(
                licenses=[convert.license_to_pb(each, entity.uscc, act.units) for each in listed],
                next_page_token=page.token(listed[-1].version, more=more) if listed else "",
            )

        return self._answers.look(Sight.of(ActName.LIST_LICENSES, code, purpose), read)

    def PrintLicenseCopy(
        self, request: pb.PrintLicenseCopyRequest, context: grpc.ServicerContext
    ) -> license_pb2.LicenseCopy:
        """See license_service.proto."""
        return self._copies.print(request)

    def CollectLicenseCopy(
        self, request: pb.CollectLicenseCopyRequest, context: grpc.ServicerContext
    ) -> license_pb2.LicenseCopy:
        """See license_service.proto."""
        return self._copies.collect(request)

    def ReturnLicenseCopy(
        self, request: pb.ReturnLicenseCopyRequest, context: grpc.ServicerContext
    ) -> license_pb2.LicenseCopy:
        """See license_service.proto."""
        return self._copies.take_back(request)

    def VoidLostCopy(
        self, request: pb.VoidLostCopyRequest, context: grpc.ServicerContext
    ) -> license_pb2.LicenseCopy:
        """See license_service.proto."""
        return self._copies.void(request)

    def GetLicenseCopy(
        self, request: pb.GetLicenseCopyRequest, context: grpc.ServicerContext
    ) -> license_pb2.LicenseCopy:
        """See license_service.proto."""
        return self._copies.get(request)

    def ListLicenseCopies(
        self, request: pb.ListLicenseCopiesRequest, context: grpc.ServicerContext
    ) -> pb.ListLicenseCopiesResponse:
        """See license_service.proto."""
        return self._copies.list(request)

    def IssueSiteCode(
        self, request: pb.IssueSiteCodeRequest, context: grpc.ServicerContext
    ) -> license_pb2.SiteCode:
        """See license_service.proto."""
        code, number = names.split(request.parent, "entities/*/premises/*", "parent")

        def store(act: Act) -> license_pb2.SiteCode:
            document = issue_site_code(act, code, int(number), request.request_id or None)
            return convert.site_code_to_pb(document, code)

        stored = self._answers.once(request, request.request_id, license_pb2.SiteCode, store)
        document, uscc, _ = self._signed(code, int(number), stored.version)
        return convert.site_code_to_pb(document, uscc)

    def GetSiteCode(
        self, request: pb.GetSiteCodeRequest, context: grpc.ServicerContext
    ) -> license_pb2.SiteCode:
        """See license_service.proto."""
        (code, number), version = convert.versioned(request.name, _CODES)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> license_pb2.SiteCode:
            entity = looked.entity
            document = act.tx.licenses.find(entity.number, int(number), version)
            return convert.site_code_to_pb(document, entity.uscc)

        return self._answers.look(Sight.of(ActName.GET_SITE_CODE, code, purpose), read)

    def RenderSymbol(
        self, request: pb.RenderSymbolRequest, context: grpc.ServicerContext
    ) -> pb.RenderSymbolResponse:
        """See license_service.proto."""
        code, find = _wanted(request.name)
        if request.format not in pb.SymbolFormat.values():
            raise InvalidRequest(FieldViolation("format", "is unknown", "图片格式未知"))
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> SignedDocument | None:
            return find(act, looked.entity.number)

        document = self._answers.look(Sight.of(ActName.RENDER_SYMBOL, code, purpose), read)
        if document is None or document.token is None:
            raise LicenseUnknown(
                "it has no token: it is not signed yet, was given up, or was imported",
                zh="尚未签发、已放弃签发，或者是导入的旧执照，没有二维码",
            )
        symbol = draw(ScanText.of(document.scan_host, document.token))
        as_svg = request.format == pb.SYMBOL_FORMAT_SVG
        return pb.RenderSymbolResponse(
            content=symbol.svg() if as_svg else symbol.png(),
            media_type="image/svg+xml" if as_svg else "image/png",
            symbol_version=symbol.version,
            side_millimeters=symbol.side_millimeters,
        )

    def RenderLicense(
        self, request: pb.RenderLicenseRequest, context: grpc.ServicerContext
    ) -> pb.RenderLicenseResponse:
        """See license_service.proto."""
        return self._pages.render(request)

    def GetPremisesStatement(
        self, request: pb.GetPremisesStatementRequest, context: grpc.ServicerContext
    ) -> premises_statement_pb2.PremisesStatement:
        """See license_service.proto."""
        return self._statements.get(request)

    def _issued(
        self,
        request: pb.IssueLicenseRequest | pb.ReissueLicenseRequest,
        issue: Callable[[Act, str, str | None], SignedDocument],
    ) -> license_pb2.License:
        """The licence that was asked for, signed."""
        code = names.code(request.parent, "parent")

        def store(act: Act) -> license_pb2.License:
            document = issue(act, code, request.request_id or None)
            return convert.license_to_pb(document, code, act.units)

        stored = self._answers.once(request, request.request_id, license_pb2.License, store)
        return convert.license_to_pb(*self._signed(code, None, stored.version))

    def _signed(
        self, code: str, premises_no: int | None, version: int
    ) -> tuple[SignedDocument, str, UnitTree]:
        """The stored document, signed now if it still is an intent."""
        with self._answers.act() as act:
            entity = act.tx.entities.find(code)
            document = act.tx.licenses.find(entity.number, premises_no, version)
            document = issued_instead(act.tx, document)
            units = act.units
        if document.state is LicenseState.INTENT:
            document = self._finisher.finish(document, act.actor)
        return document, entity.uscc, units


def _wanted(name: str) -> tuple[str, Callable[[Act, int], SignedDocument | None]]:
    """The code in the name of a document, and how it is found below its entity.

    Raises:
        InvalidRequest: the name has another shape.
    """
    if "/copies/" in name:
        code, number = names.split(name, COPIES)
        return code, lambda act, entity_no: find_copy(act, entity_no, int(number))
    if "/premises/" in name:
        (code, place), version = convert.versioned(name, _CODES)
        return code, lambda act, entity_no: act.tx.licenses.find(entity_no, int(place), version)
    (code,), version = convert.versioned(name, _LICENSES)
    return code, lambda act, entity_no: act.tx.licenses.find(entity_no, None, version)
