"""QR symbols of scan texts, each read back by two decoders that we did not write.

One byte segment (`https://HOST/`), one numeric segment (the digits), error correction M, the
smallest version, a quiet zone of 4 modules, 0.40 mm a module. At 300 dpi a module of 0.40 mm would
be 4.72 pixels; a PNG has 5 whole pixels a module and says 12,500 pixels a metre (317.5 dpi), so
that it prints at exactly 0.40 mm.
"""

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

from license_verify.token.scan import ScanText
from registry_service.issuing.decoders import DECODERS, Pixels
from registry_service.issuing.errors import SymbolUnreadable

MODULE_MILLIMETERS: Final = 0.40
QUIET_MODULES: Final = 4
PIXELS_PER_MODULE: Final = 5
_DPI: Final = PIXELS_PER_MODULE / MODULE_MILLIMETERS * 25.4
_MASKS: Final = (None, *range(8))
"""The mask that the standard's penalty prefers, then every one."""
_PAPER_MODULES: Final = (0, 5, 12)
"""White around the picture when it is read back. OpenCV finds some symbols alone and loses them a
few pixels further right; one that it finds in all three places it finds in nearly every other."""

_Modules = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol whose picture both decoders read, alone and with paper around it."""

    version: int
    """1 to 22."""
    modules: _Modules
    """True is dark; quiet zone included."""
    attempts: int
    """Masks drawn until both decoders read the picture; 1 for the first."""

    @property
    def side_millimeters(self) -> float:
        """Side at 0.40 mm a module, quiet zone left out."""
        return round((4 * self.version + 17) * MODULE_MILLIMETERS, 2)

    def png(self) -> bytes:
        """The picture as PNG, black and white."""
        out = io.BytesIO()
        image = Image.fromarray(pixels(self.modules)).convert("1")
        image.save(out, "PNG", dpi=(_DPI, _DPI), optimize=True)
        return out.getvalue()

    def svg(self) -> bytes:
        """The picture as SVG in millimetres; a row of dark modules is one rectangle.

        All are one path, so no seam shows between rows, and edges may be smoothed: drawn crisply
        at 300 dpi modules are 4 or 5 dots wide, and OpenCV misses one symbol in seven.
        """
        count = len(self.modules)
        side = f"{count * MODULE_MILLIMETERS:.2f}mm"
        path = "".join(_runs(self.modules))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"'
            f' viewBox="0 0 {count} {count}">'
            f'<rect width="{count}" height="{count}" fill="#fff"/>'
            f'<path fill="#000" d="{path}"/></svg>'
        ).encode()


def draw(scan: ScanText) -> Symbol:
    """Make the symbol of a scan text, with the first mask whose picture both decoders read.

    What is decoded is the PNG's own pixels, alone and as they lie on a page. An SVG has the same
    modules; no renderer is at hand to read the drawing itself back.

    Raises:
        SymbolUnreadable: none of the masks gave such a picture.
    """
    for attempt, mask in enumerate(_MASKS, start=1):
        version, modules = matrix(scan, mask)
        if _reads_as(str(scan), pixels(modules)):
            return Symbol(version, modules, attempt)
    raise SymbolUnreadable(
        "no mask gave a picture that both decoders read",
        zh="二维码未能通过回读检查，未输出",
        version=version,
    )


def _reads_as(text: str, picture: Pixels) -> bool:
    """Whether both decoders read the picture as that text wherever it lies on a page."""
    return all(
        decode(on_paper(picture, modules * PIXELS_PER_MODULE)) == text
        for modules in _PAPER_MODULES
        for decode in DECODERS.values()
    )


def on_paper(picture: Pixels, white: int) -> Pixels:
    """The picture with so many more white pixels on every side."""
    return np.pad(picture, white, constant_values=255)


def matrix(scan: ScanText, mask: int | None) -> tuple[int, _Modules]:
    """Version and modules of a scan text's symbol, with its quiet zone.

    Args:
        scan: the text, split where its segments are.
        mask: 0 to 7; None for the one that the standard's penalty prefers.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES, mask_pattern=mask)
    prefix = str(scan).removesuffix(scan.digits)
    code.add_data(QRData(prefix.encode("ascii"), mode=MODE_8BIT_BYTE, check_data=False))
    code.add_data(QRData(scan.digits.encode("ascii"), mode=MODE_NUMBER, check_data=False))
    code.make(fit=True)
    return code.version, np.array(code.get_matrix(), dtype=np.bool_)


def pixels(modules: _Modules) -> Pixels:
    """Grey pixels of a picture, dark 0 and light 255, `PIXELS_PER_MODULE` a module."""
    square = np.ones((PIXELS_PER_MODULE, PIXELS_PER_MODULE), dtype=np.bool_)
    return np.where(np.kron(modules, square), 0, 255).astype(np.uint8)


def _runs(modules: _Modules) -> list[str]:
    runs = []
    for y, row in enumerate(modules):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], row, [False])).astype(np.int8)))
        runs += [
            f"M{start} {y}h{end - start}v1h-{end - start}z"
            for start, end in zip(edges[::2], edges[1::2], strict=True)
        ]
    return runs
