"""The programs that read symbols: the two that the product reads back with, and a third."""

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Final, TypeAlias

from registry_service.issuing.decoders import Pixels, by_opencv, by_zxing
from tests.foreign import node

_AT_ONCE: Final = 50
"""Pictures in one run of node: some seconds."""

Reader: TypeAlias = Callable[[Sequence[Pixels]], list[str | None]]


def by_jsqr(pictures: Sequence[Pixels]) -> list[str | None]:
    """The text of the QR code in each picture, read by jsqr; None where it finds none."""
    texts: list[str | None] = []
    for start in range(0, len(pictures), _AT_ONCE):
        asked = [_for_node(picture) for picture in pictures[start : start + _AT_ONCE]]
        texts += node.run("jsqr.mjs", asked)
    return texts


def _for_node(picture: Pixels) -> dict[str, object]:
    height, width = picture.shape
    grey = base64.b64encode(zlib.compress(picture.tobytes(), 1)).decode()
    return {"width": width, "height": height, "grey": grey}


READERS: Final[Mapping[str, Reader]] = {
    "zxing-cpp": lambda pictures: [by_zxing(picture) for picture in pictures],
    "OpenCV": lambda pictures: [by_opencv(picture) for picture in pictures],
    "jsqr": by_jsqr,
}


def versions() -> dict[str, str]:
    """Which release of each reader this is."""
    locked = json.loads((node.HERE / "package-lock.json").read_bytes())
    return {
        "zxing-cpp": version("zxing-cpp"),
        "OpenCV": version("opencv-python-headless"),
        "jsqr": locked["packages"]["node_modules/jsqr"]["version"],
    }


def read_right(reader: str, pictures: Sequence[Pixels], texts: Sequence[str]) -> int:
    """How many pictures a reader reads as the text that each holds."""
    return sum(read == text for read, text in zip(READERS[reader](pictures), texts, strict=True))
