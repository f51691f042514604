"""Signed licences, site codes, their pictures, and what is published about them."""

from collections.abc import Iterator
from typing import Final

import grpc

from clients.sdk import names
from clients.sdk.caller import Caller, every, new_request_id
from yizhao.registry.v1 import (
    license_pb2,
    license_service_pb2,
    premises_statement_pb2,
    publication_service_pb2,
)
from yizhao.registry.v1.license_service_pb2_grpc import LicenseServiceStub
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub

PAGE_SIZE = 200
LIVE = "-"
"""In place of a version: the live one."""

_DRAWING_SECONDS: Final = 60.0
"""A PDF with thousands of different characters takes some."""


class Licenses:
    """LicenseService."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = LicenseServiceStub(channel)
        self._caller = caller

    def issue(self, code: str) -> license_pb2.License:
        """Issue the licence of the face in force."""
        request = license_service_pb2.IssueLicenseRequest(
            parent=names.entity(code), request_id=new_request_id()
        )
        return self._caller.call(self._stub.IssueLicense, request)

    def get(self, code: str, version: str = LIVE) -> license_pb2.License:
        """Read a licence version."""
        request = license_service_pb2.GetLicenseRequest(name=names.below(code, "licenses", version))
        return self._caller.call(self._stub.GetLicense, request)

    def list(self, code: str) -> Iterator[license_pb2.License]:
        """The versions of an entity's licence, newest first."""

        def fetch(token: str) -> license_service_pb2.ListLicensesResponse:
            request = license_service_pb2.ListLicensesRequest(
                parent=names.entity(code), page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListLicenses, request)

        return every(fetch, lambda page: iter(page.licenses))

    def reissue(self, code: str, basis: str) -> license_pb2.License:
        """Issue a new version of the same face."""
        request = license_service_pb2.ReissueLicenseRequest(
            parent=names.entity(code), basis=basis, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ReissueLicense, request)

    def void_lost(self, code: str, basis: str, version: str = LIVE) -> license_pb2.License:
        """Declare the licence in force void, with every copy of it."""
        request = license_service_pb2.VoidLostLicenseRequest(
            name=names.below(code, "licenses", version), basis=basis, request_id=new_request_id()
        )
        return self._caller.call(self._stub.VoidLostLicense, request)

    def issue_site_code(self, code: str, premises: int) -> license_pb2.SiteCode:
        """Issue the code of a filed place."""
        request = license_service_pb2.IssueSiteCodeRequest(
            parent=f"{names.entity(code)}/premises/{premises}", request_id=new_request_id()
        )
        return self._caller.call(self._stub.IssueSiteCode, request)

    def get_site_code(self, code: str, premises: int, version: str = LIVE) -> license_pb2.SiteCode:
        """Read a site code."""
        name = f"{names.entity(code)}/premises/{premises}/codes/{version}"
        request = license_service_pb2.GetSiteCodeRequest(name=name)
        return self._caller.call(self._stub.GetSiteCode, request)

    def premises_statement(
        self, code: str, version: str = LIVE
    ) -> premises_statement_pb2.PremisesStatement:
        """Read the signed list of an entity's places; the one in force is signed if need be."""
        name = names.below(code, "premisesStatements", version)
        request = license_service_pb2.GetPremisesStatementRequest(name=name)
        return self._caller.call(self._stub.GetPremisesStatement, request)

    def render(
        self, name: str, form: "license_service_pb2.SymbolFormat.ValueType"
    ) -> license_service_pb2.RenderSymbolResponse:
        """Draw the QR symbol of a licence, copy or site code, given by its resource name."""
        request = license_service_pb2.RenderSymbolRequest(name=name, format=form)
        return self._caller.call(self._stub.RenderSymbol, request)

    def page(
        self, name: str, form: "license_service_pb2.PageForm.ValueType"
    ) -> license_service_pb2.RenderLicenseResponse:
        """Draw a licence, a printed copy or the sheet of a filed place, by its resource name."""
        request = license_service_pb2.RenderLicenseRequest(name=name, form=form)
        return self._caller.call(self._stub.RenderLicense, request, seconds=_DRAWING_SECONDS)


class Publication:
    """PublicationService."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = PublicationServiceStub(channel)
        self._caller = caller

    def bundle(self, known_etag: str = "") -> publication_service_pb2.GetBundleResponse:
        """Everything a checker needs, in one file; without content if `known_etag` is in force."""
        request = publication_service_pb2.GetBundleRequest(if_none_match=known_etag)
        return self._caller.call(self._stub.GetBundle, request, seconds=60)

    def trust_list(self) -> publication_service_pb2.GetTrustListResponse:
        """The trust list in force, signed by the root."""
        request = publication_service_pb2.GetTrustListRequest()
        return self._caller.call(self._stub.GetTrustList, request)

    def status_list(self, number: int) -> publication_service_pb2.GetStatusListResponse:
        """One status list, as a Status List Token."""
        request = publication_service_pb2.GetStatusListRequest(name=f"statusLists/{number}")
        return self._caller.call(self._stub.GetStatusList, request)

    def public_record(self, code: str, basis: str) -> publication_service_pb2.PublicRecord:
        """What the live register says of an entity to everybody."""
        request = publication_service_pb2.GetPublicRecordRequest(
            name=names.entity(code), basis=basis
        )
        return self._caller.call(self._stub.GetPublicRecord, request)
