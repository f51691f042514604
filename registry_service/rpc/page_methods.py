"""RenderLicense: faces to look at, of licences, printed copies and site codes."""

from dataclasses import dataclass
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act
from registry_service.operations.look import Sight
from registry_service.operations.print_face import (
    Titles,
    copy_to_print,
    license_to_print,
    site_to_print,
)
from registry_service.operations.printer import Printable, Printer
from registry_service.printing.forms import Form
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_license import versioned
from registry_service.rpc.convert_values import purpose_from_pb
from registry_service.rpc.copy_methods import COPIES
from yizhao.registry.v1 import license_service_pb2 as pb

_LICENSES: Final = "entities/*/licenses/*"
_CODES: Final = "entities/*/premises/*/codes/*"
_FORMS: Final = {
    pb.PAGE_FORM_UNSPECIFIED: Form.HTML,
    pb.PAGE_FORM_HTML: Form.HTML,
    pb.PAGE_FORM_SVG: Form.SVG,
    pb.PAGE_FORM_PDF: Form.PDF,
}


@dataclass(frozen=True, slots=True)
class Printing:
    """What drawing a face needs of this installation."""

    printer: Printer
    titles: Titles


class PageMethods:
    """Reads what a sheet shows, keeps who looked, and draws it with no transaction open."""

    def __init__(self, answers: Answers, printing: Printing) -> None:
        self._answers = answers
        self._printing = printing

    def render(self, request: pb.RenderLicenseRequest) -> pb.RenderLicenseResponse:
        """See license_service.proto."""
        form = _FORMS.get(request.form)
        if form is None:
            raise InvalidRequest(FieldViolation("form", "is unknown", "版面格式未知"))
        files = self._printing.printer.print(self._printable(request), form)
        return pb.RenderLicenseResponse(
            files=files.contents,
            media_type=files.form.value,
            sheets=files.sheets,
            width_millimeters=files.paper.width,
            height_millimeters=files.paper.height,
        )

    def _printable(self, request: pb.RenderLicenseRequest) -> Printable:
        if "/premises/" in request.name:
            return self._site(request)
        return self._copy(request) if "/copies/" in request.name else self._license(request)

    def _license(self, request: pb.RenderLicenseRequest) -> Printable:
        (code,), version = versioned(request.name, _LICENSES)
        titles = self._printing.titles

        def read(act: Act, looked: Whole) -> Printable:
            entity = looked.entity
            document = act.tx.licenses.find(entity.number, None, version)
            return license_to_print(act, entity, document, titles)

        return self._answers.look(self._sight(request, code), read)

    def _copy(self, request: pb.RenderLicenseRequest) -> Printable:
        code, number = names.split(request.name, COPIES)
        titles = self._printing.titles

        def read(act: Act, looked: Whole) -> Printable:
            copy = act.tx.copies.find(looked.entity.number, int(number))
            return copy_to_print(act, looked.entity, copy, titles)

        return self._answers.look(self._sight(request, code), read)

    def _site(self, request: pb.RenderLicenseRequest) -> Printable:
        (code, number), version = versioned(request.name, _CODES)
        titles = self._printing.titles

        def read(act: Act, looked: Whole) -> Printable:
            entity = looked.entity
            document = act.tx.licenses.find(entity.number, int(number), version)
            premises = act.tx.premises.find(entity.number, int(number))
            return site_to_print(act, entity, document, premises, titles)

        return self._answers.look(self._sight(request, code), read)

    @staticmethod
    def _sight(request: pb.RenderLicenseRequest, code: str) -> Sight:
        return Sight.of(ActName.RENDER_LICENSE, code, purpose_from_pb(request))
