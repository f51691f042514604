"""The faces of which pictures are stored, and how a new picture is compared with its old one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from license_verify.codes.entity_type import EntityKind
from registry_service.domain.many_addresses import MarkMode
from registry_service.printing.drawing import Print
from registry_service.printing.license_sheet import lay_out_license
from registry_service.printing.printed_face import CopyForm, Void
from registry_service.printing.site_sheet import lay_out_site
from tests.unit.printing.faces import (
    PLAIN,
    TEST,
    a_printed_face,
    a_printed_site,
    places,
)

FOLDER: Final = Path(__file__).parent / "stored"
WIDTH: Final = 1000
"""Pixels of a stored picture."""
BLOCK: Final = 10
"""Pixels of a side of what is compared: 3 mm on A4. Edges of letters are drawn a little otherwise
by each release of a browser; the ink in 3 mm is the same."""
TOLERANCE: Final = 22.0
"""Of 255, in the block that differs most. A field that moved by its own height differs by 60."""

_LONG: Final = "一般项目：日用百货销售；普通货物仓储服务；国内货物运输代理；装卸搬运；" * 115


def _site() -> Print:
    return lay_out_site(a_printed_site(), PLAIN)


def _face(form: CopyForm, kind: EntityKind = EntityKind.COMPANY, **other: object) -> Print:
    return lay_out_license(a_printed_face(form, kind, **other), PLAIN)


def _of_kind(kind: EntityKind) -> Callable[[], Print]:
    return lambda: _face(CopyForm.DUPLICATE, kind, mark=MarkMode.SUFFIX_PLUS_QR_LIST)


FACES: Final[Mapping[str, tuple[Callable[[], Print], int]]] = {
    **{kind.value: (_of_kind(kind), 0) for kind in EntityKind},
    "original": (
        lambda: _face(CopyForm.ORIGINAL, license_number="91370811MAJN000108001"),
        0,
    ),
    "electronic-revoked": (
        lambda: _face(CopyForm.ELECTRONIC, void=Void("吊销", "该主体已被吊销营业执照")),
        0,
    ),
    "test-system": (lambda: lay_out_license(a_printed_face(), TEST), 0),
    "long-scope": (lambda: _face(CopyForm.DUPLICATE, scope=_LONG[:4000]), 0),
    "long-scope-continued": (lambda: _face(CopyForm.DUPLICATE, scope=_LONG[:4000]), 1),
    "chain": (
        lambda: _face(CopyForm.ORIGINAL, mark=MarkMode.INLINE_LIST, places=places(300)),
        0,
    ),
    "chain-continued": (
        lambda: _face(CopyForm.ORIGINAL, mark=MarkMode.INLINE_LIST, places=places(300)),
        1,
    ),
    "site": (_site, 0),
}
"""Name, what is laid out, and which of its sheets is looked at."""

_GREYS: Final = 16

Grey = npt.NDArray[np.float64]


def stored(name: str) -> Path:
    """Where the picture of a face is kept."""
    return FOLDER / f"{name}.png"


def store(image: Image.Image, name: str) -> None:
    """Keep a picture, in sixteen greys at equal distances."""
    step = 255 / (_GREYS - 1)
    levels = np.round(np.asarray(image, dtype=np.float64) / step).astype(np.uint8)
    kept = Image.fromarray(levels, "L")
    kept.putpalette([round(grey * step) for grey in range(_GREYS) for _ in "RGB"])
    kept.save(stored(name), "PNG", optimize=True, bits=4)


def smaller(picture: Path) -> Image.Image:
    """A picture as it is stored: grey, of a modest size."""
    with Image.open(picture) as image:
        height = round(image.height * WIDTH / image.width)
        return image.convert("L").resize((WIDTH, height), Image.Resampling.BOX)


def blocks(image: Image.Image) -> Grey:
    """Mean brightness of each block."""
    grey = np.asarray(image, dtype=np.float64)
    rows, columns = grey.shape[0] // BLOCK, grey.shape[1] // BLOCK
    cut = grey[: rows * BLOCK, : columns * BLOCK]
    means: Grey = cut.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))
    return means


def difference(one: Image.Image, other: Image.Image) -> float:
    """In the block that differs most, 0 to 255; 255 for pictures of different sizes."""
    if one.size != other.size:
        return 255.0
    return float(np.abs(blocks(one) - blocks(other)).max())
