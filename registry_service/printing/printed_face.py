"""What is printed: a face with its labels and values as text, nothing looked up any more."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final

import numpy as np
import numpy.typing as npt

from license_verify.codes.entity_type import FaceLabels
from registry_service.domain.many_addresses import MarkMode
from registry_service.printing.drawing import A3, A4, Paper


class CopyForm(Enum):
    """Which paper of a licence it is."""

    ORIGINAL = "正本"
    DUPLICATE = "副本"
    ELECTRONIC = "电子营业执照"

    @property
    def paper(self) -> Paper:
        """正本 for the wall, the others for the hand."""
        return A3 if self is CopyForm.ORIGINAL else A4


@dataclass(frozen=True, slots=True)
class QrCode:
    """The symbol of a token."""

    modules: npt.NDArray[np.bool_] = field(repr=False, compare=False)
    """Square, quiet zone included; true is dark."""
    module: float
    """Side of a module as printed, millimetres."""
    host: str
    """Whose address must appear in the browser."""


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """A filed place of business in a list."""

    number: int
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Void:
    """Why a document is no longer good."""

    word: str
    """Across the sheet, as 吊销."""
    sentence: str
    """Above it, as 本执照已被吊销."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every sheet of an installation shares."""

    test_system: bool
    """Prints 测试 on everything."""
    emblem: bytes | None = field(default=None, repr=False)
    """PNG for the place above the title; none stays empty. We draw no emblem of our own."""


@dataclass(frozen=True, slots=True)
class PrintedFace:
    """A licence about to be laid out. Empty text: not printed."""

    form: CopyForm
    uscc: str
    labels: FaceLabels
    name: str
    type_text: str
    """类型 as printed; for a household 组成形式."""
    person: str
    capital: str
    address: str
    """The domicile without any mark."""
    established: date
    scope: str
    registrar: str
    approved: date
    """核准日期."""
    code: QrCode
    term: str = ""
    """营业期限, where it is known."""
    copy_number: str = ""
    """Of a duplicate, `1-1`."""
    license_number: str = ""
    document_id: str = ""
    """电子证照标识."""
    mark: MarkMode | None = None
    """None: it covers no place but the domicile."""
    places: tuple[PrintedPlace, ...] = ()
    """For `INLINE_LIST`."""
    void: Void | None = None

    @property
    def title(self) -> str:
        """What the document is called."""
        number = f" {self.copy_number}" if self.copy_number else ""
        return f"营业执照（{self.form.value}{number}）{self.name or self.uscc}"


@dataclass(frozen=True, slots=True)
class PrintedSite:
    """The display copy 亮照 of a filed place, for its wall."""

    uscc: str
    number: int
    name: str
    """Of the firm; empty for a household without one."""
    site_title: str
    address: str
    scope: str
    supervisor: str
    registrar: str
    filed: date
    code: QrCode
    void: Void | None = None

    @property
    def title(self) -> str:
        """What the document is called."""
        return f"经营场所亮照 {self.name or self.uscc} 第{self.number}号"


SUFFIX: Final = "（一照多址）"
"""Behind the address, as Zhejiang prints it (domain.md §4)."""


def china_date(day: date) -> str:
    """As licences write it: 2024年03月01日."""
    return f"{day:%Y年%m月%d日}"
