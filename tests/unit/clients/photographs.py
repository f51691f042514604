"""A printed licence as a phone at a counter photographs it."""

from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from clients.integrators.pictures import symbol_of

DPI = 150
_MODULE_MILLIMETERS = 0.40
_A4 = (1754, 1240)
_LEFT, _TOP = 850, 330


def sheet(*texts: str) -> Image.Image:
    """An A4 sheet at 150 dpi with words and, one below the other, symbols at their printed size."""
    paper = np.full(_A4, 255, np.uint8)
    cv2.putText(paper, "BUSINESS LICENCE", (120, 220), cv2.FONT_HERSHEY_SIMPLEX, 2.5, 0, 6)
    for line in range(14):
        words = "invented words " * (1 + line % 3)
        cv2.putText(paper, words, (100, 400 + 60 * line), cv2.FONT_HERSHEY_SIMPLEX, 1, 0, 2)
    top = _TOP
    for text in texts:
        symbol = symbol_of(text)
        side = round(len(symbol.modules) * _MODULE_MILLIMETERS / 25.4 * DPI)
        drawn = Image.open(BytesIO(symbol.png())).convert("L").resize((side, side))
        paper[top : top + side, _LEFT : _LEFT + side] = np.array(drawn)
        top += side + 100
    return Image.fromarray(paper)


@dataclass(frozen=True)
class Camera:
    """How a photograph is less than the sheet."""

    scale: float = 1.7
    tilt: float = 0.03
    """How far the corners move, in shares of the shorter side."""
    blur: float = 1.0
    """Standard deviation in pixels of the photograph."""
    noise: float = 4.0
    """Standard deviation in grey levels."""
    shade: float = 0.3
    """Share of the light that is missing at the left edge."""
    quality: int = 80
    """Of the JPEG."""

    def photograph(self, page: Image.Image, seed: int = 7) -> bytes:
        """The JPEG."""
        chance = np.random.default_rng(seed)
        paper = np.array(page)
        height, width = paper.shape
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
        moved = corners + inward * chance.uniform(0, self.tilt * width, (4, 2)).astype(np.float32)
        seen = cv2.warpPerspective(
            paper,
            cv2.getPerspectiveTransform(corners, (moved * self.scale).astype(np.float32)),
            (round(width * self.scale), round(height * self.scale)),
            borderValue=(90.0,),
            flags=cv2.INTER_AREA if self.scale < 1 else cv2.INTER_CUBIC,
        )
        blurred = cv2.GaussianBlur(seen, (0, 0), self.blur).astype(np.float32)
        light = np.linspace(1 - self.shade, 1, blurred.shape[1], dtype=np.float32)[None, :]
        lit = blurred * light * 0.9 + 15
        noisy = lit + chance.normal(0, self.noise, lit.shape)
        out = BytesIO()
        Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).convert("RGB").save(
            out, "JPEG", quality=self.quality
        )
        return out.getvalue()
