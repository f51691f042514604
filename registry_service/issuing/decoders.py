"""The two foreign decoders that read every symbol back."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Grey picture, rows of bytes."""

_QR_CODE: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def by_zxing(image: Pixels) -> str | None:
    """The text of the one QR code in a picture, read by zxing-cpp; None if it finds none."""
    found = zxingcpp.read_barcodes(image, _QR_CODE)
    return found[0].text if len(found) == 1 else None


def by_opencv(image: Pixels) -> str | None:
    """The text of the QR code in a picture, read by OpenCV; None if it finds none."""
    try:
        # A detector keeps state between pictures, so each picture gets its own.
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(image)
    except cv2.error:
        return None  # on some pictures it fails in its own geometry instead of finding nothing
    return text or None


DECODERS: Final[Mapping[str, Callable[[Pixels], str | None]]] = {
    "zxing-cpp": by_zxing,
    "opencv": by_opencv,
}
