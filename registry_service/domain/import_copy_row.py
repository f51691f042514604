"""One row of a file of licences in use: a 正本 or a 副本."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from license_verify.codes.document_id import DocumentId
from license_verify.refusal import Refusal
from registry_service.domain.import_row import cell
from registry_service.domain.import_run import Remark, RemarkKind
from registry_service.domain.printed_copy import CopyKind, CopyState
from registry_service.domain.reading import Reader

_ORIGINAL: Final = "正本"
_DUPLICATE: Final = re.compile(r"副本\s*\(?(?:(?:1-)?([1-9]\d{0,2}))?\)?")
_STATES: Final = {
    "": CopyState.IN_USE,
    "在用": CopyState.IN_USE,
    "正常": CopyState.IN_USE,
    "有效": CopyState.IN_USE,
    "收回": CopyState.RETURNED,
    "已收回": CopyState.RETURNED,
    "缴回": CopyState.RETURNED,
    "作废": CopyState.VOID,
    "遗失": CopyState.VOID,
    "声明作废": CopyState.VOID,
}
_UNFIT: Final = "电子证照标识格式不正确"
_SHORT: Final = 64
_LONG: Final = 128


@dataclass(frozen=True, slots=True)
class ImportedCopy:
    """A row as this register reads it; `rejects` says why it is refused, if it is."""

    line: int
    uscc: str
    kind: CopyKind
    duplicate: int
    """0 for the original, else which duplicate, from 1."""
    license_number: str
    document_id: str
    printed_date: date | None
    state: CopyState
    record_id: str
    rejects: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    mends: tuple[int, int] | None


def read_copy_row(
    line: int, values: Mapping[str, str], today: date, mends: tuple[int, int] | None = None
) -> ImportedCopy:
    """Read a row; what is wrong with it is in the result, nothing is raised or guessed."""
    texts = {name: cell(text) for name, text in values.items()}
    reader = Reader()
    uscc = reader.uscc("uniscid", texts.get("uniscid", ""))
    kind, duplicate = _kind(texts.get("copy", ""), reader)
    state = _STATES.get(texts.get("state", ""))
    if state is None:
        reader.fault("state", "is no known state", "执照状态无法识别")
    printed = reader.day("printed_date", texts.get("printed_date", ""))
    if printed is not None and printed > today:
        reader.fault("printed_date", "lies in the future", "发照日期晚于今天")
    document_id = reader.text("document_id", texts.get("document_id", ""), _LONG)
    return ImportedCopy(
        line=line,
        uscc=uscc,
        kind=kind,
        duplicate=duplicate,
        license_number=reader.text("license_number", texts.get("license_number", ""), _SHORT),
        document_id=document_id,
        printed_date=printed,
        state=state or CopyState.IN_USE,
        record_id=reader.text("record_id", texts.get("record_id", ""), _SHORT),
        rejects=tuple(
            Remark(line, RemarkKind.REJECT, f.field, "VALUE_UNFIT", f.zh, None, values)
            for f in reader.faults
        ),
        warnings=_warnings(line, document_id, values),
        mends=mends,
    )


def _kind(text: str, reader: Reader) -> tuple[CopyKind, int]:
    text = text.replace("（", "(").replace("）", ")")
    if text == _ORIGINAL:
        return CopyKind.ORIGINAL, 0
    found = _DUPLICATE.fullmatch(text)
    if found is None:
        reader.fault("copy", "is neither 正本 nor 副本", "正副本标识应为正本或副本1等")
        return CopyKind.DUPLICATE, 1
    return CopyKind.DUPLICATE, int(found[1] or 1)


def _warnings(line: int, document_id: str, values: Mapping[str, str]) -> tuple[Remark, ...]:
    """A wrong check character is told, no more: such identifiers were published (domain.md §8)."""
    if not document_id:
        return ()
    try:
        DocumentId.parse(document_id)
    except Refusal as error:
        field, reason = "document_id", "DOCUMENT_ID_CHECK"
        return (Remark(line, RemarkKind.WARNING, field, reason, error.zh or _UNFIT, None, values),)
    return ()
