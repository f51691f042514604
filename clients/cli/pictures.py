"""Reading the code in a photograph, a scan or a screenshot."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from clients import exits
from license_verify.token.errors import ScanRefused
from license_verify.token.scan import ScanText

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURE_PIXELS: Final = 60_000_000
_FORMATS: Final = ("PNG", "JPEG", "MPO", "GIF", "WEBP", "BMP", "TIFF")
"""Pillow opens many more; what nobody photographs in need not be parsed."""
_MAGIC: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_OTHERS: Final = {
    b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"heim": "HEIC", b"heis": "HEIC",
    b"mif1": "HEIF", b"msf1": "HEIF", b"avif": "AVIF", b"avis": "AVIF",
}  # fmt: skip
_LONG_SIDE: Final = 2_400
"""Pixels of a picture that is large enough; beyond it noise is read, not modules."""
_LOOKS: Final = 3
"""Ways of looking at each picture at least."""
_SHORT_TEXT: Final = 40


@dataclass(frozen=True, slots=True)
class Found:
    """The code of a picture."""

    text: str
    left_out: tuple[str, ...] = ()
    """Texts of other codes in the picture, not of this system."""


def is_picture(content: bytes) -> bool:
    """Whether bytes begin as a picture does, one that can be read or not."""
    return content.startswith(_MAGIC) or _unreadable(content) != ""


def read_picture(content: bytes, name: str) -> Found:
    """The text of the one code in a picture; of several, the one of this system.

    Raises:
        Failure: a format that is not read, too many pixels, no code, or several that may be meant.
    """
    other = _unreadable(content)
    if other:
        raise exits.Failure(
            f"{name} is {other}, which is not read here: send it as JPEG or PNG, or set the "
            "phone's camera to the most compatible format",
            zh=f"{other} 格式无法识读，请转为 JPEG 或 PNG，或将手机相机格式设为“兼容性最佳”",
        )
    return _chosen(_texts(_opened(content, name)), name)


def _unreadable(content: bytes) -> str:
    """Name of a picture's format that is not read; empty for any other bytes."""
    if content[4:8] == b"ftyp":
        return _OTHERS.get(content[8:12], "")
    if content.startswith(b"%PDF-"):
        return "PDF"
    return "SVG" if content.lstrip()[:256].lower().startswith((b"<svg", b"<?xml")) else ""


def _opened(content: bytes, name: str) -> "Image":
    """The picture in grey, upright as its camera meant it."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > PICTURE_PIXELS:
                raise exits.Failure(
                    f"{name} has {picture.width} × {picture.height} pixels; at most "
                    f"{PICTURE_PIXELS:,} are read",
                    zh="图片过大，请裁剪后重试",
                )
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in ("RGBA", "LA", "PA", "P"):
                seen = upright.convert("RGBA")
                paper = Image.new("RGBA", seen.size, "white")
                return Image.alpha_composite(paper, seen).convert("L")
            return upright.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise exits.Failure(f"{name} is no readable picture: {error}", zh="图片损坏") from error
    except Image.DecompressionBombError as error:
        raise exits.Failure(f"{name} is too large: {error}", zh="图片过大") from error


def _texts(picture: "Image") -> list[str]:
    """Texts of the QR codes in a picture.

    One way of looking may show the small code of a shop's till and not the large one beside it, so
    looking goes on until a code of this system is among them, and a little longer.
    """
    import zxingcpp

    formats = zxingcpp.barcode_formats_from_str("QRCode")
    texts: set[str] = set()
    for looks, seen in enumerate(_ways(picture), start=1):
        texts |= {each.text for each in zxingcpp.read_barcodes(seen, formats=formats) if each.text}
        if looks >= _LOOKS and any(map(is_ours, texts)):
            break
    return sorted(texts)


def _ways(picture: "Image") -> Iterator["Image"]:
    """The picture as it is, smaller, with its light evened out, sharper, larger."""
    from PIL import Image, ImageFilter, ImageOps

    yield picture
    longer = max(picture.size)
    small = picture
    if longer > _LONG_SIDE:
        small = ImageOps.contain(picture, (_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS)
        yield small
    even = ImageOps.autocontrast(small, cutoff=2)
    yield even
    yield even.filter(ImageFilter.UnsharpMask(radius=3, percent=200, threshold=0))
    doubled = even.resize((small.width * 2, small.height * 2), Image.Resampling.BICUBIC)
    yield doubled
    yield doubled.filter(ImageFilter.UnsharpMask(radius=6, percent=250, threshold=0))


def _chosen(texts: list[str], name: str) -> Found:
    if not texts:
        raise exits.Failure(
            f"{name}: no code found; take the picture closer, sharper and without glare",
            zh="未识别到二维码，请对准、放大、避免反光后重拍",
        )
    ours = [text for text in texts if is_ours(text)]
    if len(ours) == 1:
        return Found(ours[0], tuple(text for text in texts if text != ours[0]))
    if len(texts) == 1:
        return Found(texts[0])
    shown = "; ".join(_short(text) for text in ours or texts)
    of = "of this system " if ours else ""
    raise exits.Failure(
        f"{name}: {len(ours or texts)} different codes {of}in one picture; show one at a time: "
        f"{shown}",
        zh="图片中有多个二维码，请只拍一个",
    )


def is_ours(text: str) -> bool:
    """Whether a text has the form of this system's codes; nothing is said of its truth."""
    try:
        ScanText.parse(text)
    except ScanRefused:
        return False
    return True


def _short(text: str) -> str:
    """A text that a person can tell from another."""
    return text if len(text) <= _SHORT_TEXT else f"{text[:24]}…{text[-8:]}"
