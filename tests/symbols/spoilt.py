"""What happens to a symbol between paper and reader, done to its picture."""

import math
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import cv2
import numpy as np

from registry_service.issuing.decoders import Pixels
from registry_service.issuing.symbol import PIXELS_PER_MODULE

Spoil: TypeAlias = Callable[[Pixels], Pixels]

_VIEW: Final = 3.0
"""A tilted symbol is seen from so many times its side."""
_WHITE: Final = 255


def blurred(modules: float) -> Spoil:
    """Out of focus: Gaussian blur whose sigma is so many modules."""

    def spoil(picture: Pixels) -> Pixels:
        return _bytes(cv2.GaussianBlur(picture, (0, 0), modules * PIXELS_PER_MODULE))

    return spoil


def tilted(degrees: float) -> Spoil:
    """Turned about its vertical axis, in perspective."""

    def spoil(picture: Pixels) -> Pixels:
        height, width = picture.shape
        corners = np.array([[x, y] for y in (0, height) for x in (0, width)], np.float32)
        angle = math.radians(degrees)
        seen = []
        for x, y in corners - np.array([width / 2, height / 2], np.float32):
            away = 1 + x * math.sin(angle) / (_VIEW * width)
            seen.append([width / 2 + x * math.cos(angle) / away, height / 2 + y / away])
        turn = cv2.getPerspectiveTransform(corners, np.array(seen, np.float32))
        return _bytes(cv2.warpPerspective(picture, turn, (width, height), borderValue=(_WHITE,)))

    return spoil


def jpeg(quality: int) -> Spoil:
    """Sent through a messenger."""

    def spoil(picture: Pixels) -> Pixels:
        _, file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return _bytes(cv2.imdecode(file, cv2.IMREAD_GRAYSCALE))

    return spoil


def small(pixels_per_module: float) -> Spoil:
    """From further away: so many pixels a module."""

    def spoil(picture: Pixels) -> Pixels:
        scale = pixels_per_module / PIXELS_PER_MODULE
        return _bytes(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))

    return spoil


def faded(share: float) -> Spoil:
    """With so much of the contrast left, in middle grey."""

    def spoil(picture: Pixels) -> Pixels:
        return _bytes(np.rint(_WHITE / 2 + (picture - _WHITE / 2) * share))

    return spoil


def all_of(*spoils: Spoil) -> Spoil:
    """One after the other."""

    def spoil(picture: Pixels) -> Pixels:
        for each in spoils:
            picture = each(picture)
        return picture

    return spoil


SPOILS: Final[Mapping[str, Spoil]] = {
    "as drawn": all_of(),
    "blur, σ 0.2 modules": blurred(0.2),
    "blur, σ 0.4": blurred(0.4),
    "blur, σ 0.6": blurred(0.6),
    "blur, σ 0.8": blurred(0.8),
    "tilt 15°": tilted(15),
    "tilt 30°": tilted(30),
    "tilt 45°": tilted(45),
    "JPEG at quality 70": jpeg(70),
    "3 pixels a module": small(3),
    "2 pixels a module": small(2),
    "1.5 pixels a module": small(1.5),
    "30 % of the contrast": faded(0.3),
    "10 % of the contrast": faded(0.1),
    "tilt 15°, blur σ 0.3, 50 % of the contrast, JPEG at 70": all_of(
        tilted(15), blurred(0.3), faded(0.5), jpeg(70)
    ),
}


def _bytes(picture: object) -> Pixels:
    return np.ascontiguousarray(picture, np.uint8)
