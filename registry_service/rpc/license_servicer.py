"""LicenseService."""

from typing import Final

import grpc

from license_verify.refusal import FieldViolation
from license_verify.token.scan import ScanText
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import InvalidRequest, LicenseUnknown
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.whole import Whole
from registry_service.issuing.symbol import draw
from registry_service.operations.act import Act
from registry_service.operations.finish_intents import Finisher
from registry_service.operations.issue_license import issue_license
from registry_service.operations.issue_site_code import issue_site_code
from registry_service.operations.look import Sight
from registry_service.rpc import convert_license as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import purpose_from_pb
from registry_service.rpc.page_methods import PageMethods, Printing
from yizhao.registry.v1 import license_pb2, license_service_pb2_grpc
from yizhao.registry.v1 import license_service_pb2 as pb

_LICENSES: Final = "entities/*/licenses/*"
_CODES: Final = "entities/*/premises/*/codes/*"


class LicenseServicer(license_service_pb2_grpc.LicenseServiceServicer):
    """Signed licences and site codes."""

    def __init__(self, answers: Answers, finisher: Finisher, printing: Printing) -> None:
        self._answers = answers
        self._finisher = finisher
        self._pages = PageMethods(answers, printing)

    def IssueLicense(
        self, request: pb.IssueLicenseRequest, context: grpc.ServicerContext
    ) -> license_pb2.License:
        """See license_service.proto."""
        code = names.code(request.parent, "parent")

        def store(act: Act) -> license_pb2.License:
            document = issue_license(act, code, request.request_id or None)
            return convert.license_to_pb(document, code)

        stored = self._answers.once(request, request.request_id, license_pb2.License, store)
        entity, document = self._signed(code, None, stored.version)
        return convert.license_to_pb(document, entity.uscc)

    def GetLicense(
        self, request: pb.GetLicenseRequest, context: grpc.ServicerContext
    ) -> license_pb2.License:
        """See license_service.proto."""
        (code,), version = convert.versioned(request.name, _LICENSES)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> license_pb2.License:
            entity = looked.entity
            document = act.tx.licenses.find(entity.number, None, version)
            return convert.license_to_pb(document, entity.uscc)

        return self._answers.look(Sight.of(ActName.GET_LICENSE, code, purpose), read)

    def IssueSiteCode(
        self, request: pb.IssueSiteCodeRequest, context: grpc.ServicerContext
    ) -> license_pb2.SiteCode:
        """See license_service.proto."""
        code, number = names.split(request.parent, "entities/*/premises/*", "parent")

        def store(act: Act) -> license_pb2.SiteCode:
            document = issue_site_code(act, code, int(number), request.request_id or None)
            return convert.site_code_to_pb(document, code)

        stored = self._answers.once(request, request.request_id, license_pb2.SiteCode, store)
        entity, document = self._signed(code, int(number), stored.version)
        return convert.site_code_to_pb(document, entity.uscc)

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
        site = "/premises/" in request.name
        (code, *number), version = convert.versioned(request.name, _CODES if site else _LICENSES)
        if request.format not in pb.SymbolFormat.values():
            raise InvalidRequest(FieldViolation("format", "is unknown", "图片格式未知"))
        purpose = purpose_from_pb(request)
        premises_no = int(number[0]) if number else None

        def read(act: Act, looked: Whole) -> SignedDocument:
            entity = looked.entity
            return act.tx.licenses.find(entity.number, premises_no, version)

        document = self._answers.look(Sight.of(ActName.RENDER_SYMBOL, code, purpose), read)
        if document.token is None:
            raise LicenseUnknown("it is not signed yet, or was given up", zh="尚未签发，或者已作废")
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

    def _signed(
        self, code: str, premises_no: int | None, version: int
    ) -> tuple[Entity, SignedDocument]:
        """The stored document, signed now if it still is an intent."""
        with self._answers.act() as act:
            entity = act.tx.entities.find(code)
            document = act.tx.licenses.find(entity.number, premises_no, version)
        if document.state is LicenseState.INTENT:
            document = self._finisher.finish(document, act.actor)
        return entity, document
