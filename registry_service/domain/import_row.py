"""One row of a hand-over file, under the provincial field names (domain.md §7)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from license_verify.codes import unit
from license_verify.codes.uscc import InvalidUscc, Uscc
from license_verify.refusal import FieldViolation
from registry_service.domain.address import locate
from registry_service.domain.entity import EntityState, Face
from registry_service.domain.import_run import Remark, RemarkKind
from registry_service.domain.reading import Reader, type_code_of

_ABSENT: Final = frozenset(["N/A", "NULL", "null", "无", "-", "--"])
_FIELDS: Final = {
    "business_name": ("entname", "traname"),
    "person": ("lerep", "name"),
    "address": ("dom", "oploc"),
    "capital": ("regcap",),
    "establish_date": ("estdate",),
    "scope": ("opscope",),
    "term_start_date": ("opfrom",),
    "term_end_date": ("opto",),
    "organization_form": ("compform",),
}
"""Item of a face → the columns that may bring it, the first that is filled counts."""

_STATES: Final = {
    "": EntityState.ACTIVE,
    "在营": EntityState.ACTIVE,
    "开业": EntityState.ACTIVE,
    "存续": EntityState.ACTIVE,
    "在业": EntityState.ACTIVE,
    "歇业": EntityState.DORMANT,
    "清算": EntityState.LIQUIDATING,
    "吊销": EntityState.REVOKED,
    "吊销,未注销": EntityState.REVOKED,
    "注销": EntityState.DEREGISTERED,
    "已注销": EntityState.DEREGISTERED,
    "撤销": EntityState.ANNULLED,
}
_OPEN_END: Final = ("长期", "永久", "9999-12-31", "9999-09-09")
_REASONS: Final = {
    "uniscid": "USCC_CHECK",
    "regno": "REGISTRATION_NUMBER_CHECK",
    "address": "ADDRESS_UNFIT",
}
_OF_CODES: Final = ("USCC_CHECK", "REGISTRATION_NUMBER_CHECK")
"""The row may be right but for its code: it is set aside for somebody to decide."""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row as this register reads it; `rejects` says why it is refused, if it is."""

    line: int
    uscc: str
    former_codes: tuple[str, ...]
    face: Face
    state: EntityState
    state_told: bool
    """False: the row is silent, and 在营 is taken."""
    registrar: int | None
    registrar_told: bool
    """False: the row names none that is known here, and the address decides."""
    effective_date: date
    source: str
    record_id: str
    rejects: tuple[Remark, ...]
    """Every fault of the row, so that it is mended once; empty if it is fit."""
    warnings: tuple[Remark, ...]
    mends: tuple[int, int] | None = None
    """Run and line of the row that this one is instead of."""


def read_row(
    line: int,
    values: Mapping[str, str],
    source: str,
    today: date,
    mends: tuple[int, int] | None = None,
) -> ImportedRow:
    """Read a row; what is wrong with it is in the result, nothing is raised or guessed.

    Args:
        line: where it starts in the file, from 1.
        values: provincial field name → text.
        source: the system that sent it; its unit codes are read as this source's.
        today: the day of the import, or that a delta tells of: horizon of a row without approval
            date.
        mends: run and line of the row that this one is instead of.
    """
    told = {name: cell(text) for name, text in values.items()}
    reader = Reader()
    texts = {item: _first(told, columns) for item, columns in _FIELDS.items()}
    if texts["term_end_date"] in _OPEN_END:
        texts["term_end_date"] = ""
    uscc = reader.uscc("uniscid", told.get("uniscid", ""))
    old = told.get("regno", "")
    former = (reader.registration_number("regno", old),) if old else ()
    address = reader.address("address", texts["address"])
    label = _first(told, ("enttype", "enttypeCn"))
    face = reader.face(texts, address, type_code_of(label))
    state = _state(told, reader)
    approved = reader.day("apprdate", told.get("apprdate", "")) or today
    if approved > today:
        reader.fault("apprdate", "lies in the future", "核准日期晚于今天")
    registrar = _registrar(told, source, (today, approved), face, reader)
    return ImportedRow(
        line=line,
        uscc=uscc,
        former_codes=tuple(code for code in former if code),
        face=face,
        state=state,
        state_told=bool(told.get("regstateCn")),
        registrar=registrar,
        registrar_told=registrar is not None and bool(_first(told, ("regorg", "regorgCn"))),
        effective_date=approved,
        source=source,
        record_id=reader.text("pripid", told.get("pripid", ""), 64),
        rejects=tuple(_reject(line, fault, registrar, values) for fault in reader.faults),
        warnings=_warnings(line, label, face, registrar, values),
        mends=mends,
    )


def read_gone(line: int, values: Mapping[str, str]) -> tuple[str, tuple[Remark, ...]]:
    """The code in a row that says no more than that its entity is gone, or why it has none."""
    reader = Reader()
    uscc = reader.uscc("uniscid", cell(values.get("uniscid", "")))
    return uscc, tuple(_reject(line, fault, None, values) for fault in reader.faults)


def cell(text: str) -> str:
    """A cell without blanks at its ends; empty where it holds a word for nothing, as `N/A`."""
    text = text.strip(" \t\r\n\u3000\ufeff")
    return "" if text in _ABSENT else text


def _first(told: Mapping[str, str], columns: tuple[str, ...]) -> str:
    for name in columns:
        if text := told.get(name):
            return text
    return ""


def _state(told: Mapping[str, str], reader: Reader) -> EntityState:
    state = _state_of(told.get("regstateCn", ""))
    if state is None:
        reader.fault("regstateCn", "is no known state", "登记状态无法识别")
    return state or EntityState.ACTIVE


@lru_cache(maxsize=1024)
def _state_of(label: str) -> EntityState | None:
    # 存续（在营、开业、在册） says 存续; the bracket only lists what else it may be called.
    return _STATES.get(unicodedata.normalize("NFKC", label).partition("(")[0].strip())


def _registrar(
    told: Mapping[str, str], source: str, days: tuple[date, date], face: Face, reader: Reader
) -> int | None:
    """Home registrar: as told by code, else by name, else the unit that the address names.

    The region inside the credit code is never asked: it is that of the first registrar.
    """
    code, name = told.get("regorg", ""), told.get("regorgCn", "")
    if code:
        # A hand-over file bears today's codes, whenever its records were approved; an old record
        # may bear the code of its day.
        ways = ((system, day) for system in (source, "gb2260") for day in days)
        known = (unit.find(system, code[:6], day) for system, day in ways)
        found = next(filter(None, known), None)
        if found is None:
            reader.fault("regorg", "is no unit of this source", "登记机关代码无法识别")
        return found.id if found else None
    return _office(name) if name else face.address.unit


@lru_cache(maxsize=1024)
def _office(name: str) -> int | None:
    """The unit that an office is of; the city's own offices bear its name alone."""
    found = locate(name).unit
    return unit.CITY if found is None and name.startswith("济宁市") else found


def _unclear(face: Face) -> str:
    """What is told of a row whose unit is unclear: a name that stands elsewhere is but a lead."""
    leads = (("地址", face.address.text), ("名称", face.business_name))
    named = [(where, each.name) for where, text in leads for each in unit.named_in(text)]
    lead = f"；{named[0][0]}中出现“{named[0][1]}”，请核实" if named else ""
    return f"地址未以县（市、区）开头，管辖单位待确认{lead}"


def _reject(
    line: int, fault: FieldViolation, registrar: int | None, values: Mapping[str, str]
) -> Remark:
    column = _FIELDS.get(fault.field, (fault.field,))[0]
    reason = _REASONS.get(fault.field, "VALUE_UNFIT")
    text = fault.zh
    if column == "uniscid" and _fits(values.get("uniscid", "").strip().upper()):
        text += "；改为大写后校验通过，请核实"
    kind = RemarkKind.QUARANTINE if reason in _OF_CODES else RemarkKind.REJECT
    return Remark(line, kind, column, reason, text, registrar, values)


def _fits(code: str) -> bool:
    try:
        Uscc.parse(code)
    except InvalidUscc:
        return False
    return True


def _warnings(
    line: int, label: str, face: Face, registrar: int | None, values: Mapping[str, str]
) -> tuple[Remark, ...]:
    found = []
    if label and not face.type_code:
        found.append(("enttypeCn", "TYPE_UNKNOWN", "主体类型无法识别，请更正登记后再发照"))
    if registrar is None:
        found.append(("dom", "UNIT_UNCLEAR", _unclear(face)))
    return tuple(
        Remark(line, RemarkKind.WARNING, field, reason, text, registrar, values)
        for field, reason, text in found
    )
