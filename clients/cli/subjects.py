"""What `yizhao verify` is given: a picture, a scan text, a typed code, or any of them on stdin."""

import re
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from clients import exits

Kind = Literal["scan", "uscc", "license_number"]

MEGABYTE: Final = 1 << 20
PICTURE_BYTES: Final = 32 * MEGABYTE
PICTURE_PIXELS: Final = 60_000_000
TEXT_CHARACTERS: Final = 1 << 20
"""Read at most; the checks refuse far less by name."""

_CODE: Final = re.compile(r"[0-9A-Z]{18}|[0-9]{15}", re.ASCII)
_NUMBER: Final = re.compile(r"1\.2\.156\.3005\.2\.[0-9A-Z.]{1,200}", re.ASCII)
_MAGIC: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked."""

    kind: Kind
    text: str


def read_subject(word: str) -> Subject:
    """Read the argument of `verify`.

    Raises:
        Failure: a picture without exactly one code, or something too large.
    """
    if word == "-":
        content = sys.stdin.buffer.read(PICTURE_BYTES + 1)
        return _of_bytes(content, "stdin")
    path = Path(word)
    if len(word) < 4_096 and "://" not in word and path.is_file():
        with path.open("rb") as file:
            return _of_bytes(file.read(PICTURE_BYTES + 1), word)
    if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".bmp"):
        raise exits.Failure(f"{word}: no such file", zh="找不到该图片文件")
    return _of_text(word)


def _of_bytes(content: bytes, name: str) -> Subject:
    if len(content) > PICTURE_BYTES:
        raise exits.Failure(
            f"{name} is larger than {PICTURE_BYTES // MEGABYTE} MB", zh="文件过大，无法识读"
        )
    if content.startswith(_MAGIC):
        return Subject("scan", _read_picture(content, name))
    # What can't be text of ours is still checked: a bad scan is a verdict, not an error.
    return _of_text(content[:TEXT_CHARACTERS].decode("utf-8", errors="replace"))


def _of_text(text: str) -> Subject:
    text = text.removesuffix("\n").removesuffix("\r")
    if _CODE.fullmatch(text):
        return Subject("uscc", text)
    if _NUMBER.fullmatch(text):
        return Subject("license_number", text)
    return Subject("scan", text)


def _read_picture(content: bytes, name: str) -> str:
    import zxingcpp
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content)) as picture:
            if picture.width * picture.height > PICTURE_PIXELS:
                raise exits.Failure(
                    f"{name} has {picture.width} × {picture.height} pixels; at most "
                    f"{PICTURE_PIXELS:,} are read",
                    zh="图片过大，请裁剪后重试",
                )
            found = zxingcpp.read_barcodes(picture.convert("L"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise exits.Failure(f"{name} is no readable picture: {error}", zh="图片损坏") from error
    texts = sorted({each.text for each in found if each.text})
    if not texts:
        raise exits.Failure(
            f"{name}: no code found; take the picture closer, sharper and without glare",
            zh="未识别到二维码，请对准、放大、避免反光后重拍",
        )
    if len(texts) > 1:
        raise exits.Failure(
            f"{name}: {len(texts)} different codes in one picture; show one at a time",
            zh="图片中有多个二维码，请只拍一个",
        )
    return texts[0]
