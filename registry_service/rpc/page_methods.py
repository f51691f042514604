"""RenderLicense: faces to look at, of licences and of site codes."""

from dataclasses import dataclass
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.many_addresses import MarkMode
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act
from registry_service.operations.look import Sight
from registry_service.operations.press import Press, Printable
from registry_service.operations.print_face import (
    LicenseNumbers,
    Titles,
    license_to_print,
    site_to_print,
)
from registry_service.printing.forms import Form
from registry_service.printing.printed_face import CopyForm
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_license import versioned
from registry_service.rpc.convert_values import purpose_from_pb
from yizhao.registry.v1 import license_service_pb2 as pb

_LICENSES: Final = "entities/*/licenses/*"
_CODES: Final = "entities/*/premises/*/codes/*"
_FORMS: Final = {
    pb.PAGE_FORM_UNSPECIFIED: Form.HTML,
    pb.PAGE_FORM_HTML: Form.HTML,
    pb.PAGE_FORM_SVG: Form.SVG,
    pb.PAGE_FORM_PDF: Form.PDF,
}
_SHEETS: Final = {
    pb.PAGE_SHEET_UNSPECIFIED: CopyForm.ELECTRONIC,
    pb.PAGE_SHEET_ELECTRONIC: CopyForm.ELECTRONIC,
    pb.PAGE_SHEET_ORIGINAL: CopyForm.ORIGINAL,
    pb.PAGE_SHEET_DUPLICATE: CopyForm.DUPLICATE,
}


@dataclass(frozen=True, slots=True)
class Printing:
    """What drawing a face needs of this installation."""

    press: Press
    titles: Titles


class PageMethods:
    """Reads what a sheet shows, keeps who looked, and draws it with no transaction open."""

    def __init__(self, answers: Answers, printing: Printing) -> None:
        self._answers = answers
        self._printing = printing

    def render(self, request: pb.RenderLicenseRequest) -> pb.RenderLicenseResponse:
        """See license_service.proto."""
        form, sheet = _FORMS.get(request.form), _SHEETS.get(request.sheet)
        if form is None:
            raise InvalidRequest(FieldViolation("form", "is unknown", "版面格式未知"))
        if sheet is None:
            raise InvalidRequest(FieldViolation("sheet", "is unknown", "版面种类未知"))
        of_site = "/premises/" in request.name
        printable = self._site(request) if of_site else self._license(request, sheet)
        files = self._printing.press.print(printable, form)
        return pb.RenderLicenseResponse(
            files=files.contents,
            media_type=files.form.value,
            sheets=files.sheets,
            width_millimeters=files.paper.width,
            height_millimeters=files.paper.height,
        )

    def _license(self, request: pb.RenderLicenseRequest, sheet: CopyForm) -> Printable:
        (code,), version = versioned(request.name, _LICENSES)
        titles = self._printing.titles

        def read(act: Act, looked: Whole) -> Printable:
            entity = looked.entity
            document = act.tx.licenses.find(entity.number, None, version)
            mode, numbers = MarkMode.SUFFIX_PLUS_QR_LIST, LicenseNumbers()
            return license_to_print(act, entity, document, sheet, titles, mode, numbers)

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
