"""The printer: draws a face that was read from the register, in the form that was asked for."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from license_verify.token.scan import ScanText
from registry_service.domain.errors import LicenseUnknown
from registry_service.domain.license import SignedDocument
from registry_service.issuing.symbol import MODULE_MILLIMETERS, draw
from registry_service.printing.drawing import Print
from registry_service.printing.fonts import FontSet, find_fonts
from registry_service.printing.forms import Files, Form, as_html, as_pdf, as_svg
from registry_service.printing.printed_face import QrCode, Surroundings

_PNG: Final = b"\x89PNG\r\n\x1a\n"


class Printable(Protocol):
    """A signed document with all that its sheet shows."""

    @property
    def document(self) -> SignedDocument:
        """What its symbol says."""

    def lay_out(self, code: QrCode, around: Surroundings) -> Print:
        """Its sheets."""


class Printer:
    """Draws sheets. One for the whole process."""

    def __init__(
        self, around: Surroundings, fonts: Sequence[Path], now: Callable[[], datetime]
    ) -> None:
        """`fonts` are the files that the operator named; they are looked at when first needed."""
        self._around = around
        self._wanted = fonts
        self._now = now
        self._fonts: FontSet | None = None

    def print(self, printable: Printable, form: Form) -> Files:
        """Draw it.

        Raises:
            LicenseUnknown: it is not signed yet.
            SymbolUnreadable: no mask gave a picture that both decoders read.
            PrintFontMissing, PrintCharactersMissing: as PDF, for want of a font.
        """
        printed = printable.lay_out(_code(printable.document), self._around)
        if form is Form.SVG:
            return as_svg(printed)
        if form is Form.HTML:
            return as_html(printed)
        if self._fonts is None:  # not kept where none is found: one may be installed meanwhile
            self._fonts = find_fonts(self._wanted)
        return as_pdf(printed, self._fonts, self._now())


def _code(document: SignedDocument) -> QrCode:
    if document.token is None:
        raise LicenseUnknown("it is not signed yet, or was given up", zh="尚未签发，或者已作废")
    symbol = draw(ScanText.of(document.scan_host, document.token))
    return QrCode(symbol.modules, MODULE_MILLIMETERS, document.scan_host)


def read_emblem(file: Path | None) -> bytes | None:
    """The picture for the place above the title.

    Raises:
        ValueError: the file is no PNG.
        OSError: it can't be read.
    """
    if file is None:
        return None
    content = file.read_bytes()
    if not content.startswith(_PNG):
        raise ValueError(f"{file} is no PNG")
    return content
