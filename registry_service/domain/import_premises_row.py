"""One row of a file of premises that were filed before this register was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from license_verify import limits
from license_verify.codes import unit
from registry_service.domain.import_row import cell
from registry_service.domain.import_run import Remark, RemarkKind
from registry_service.domain.premises import Building, Site
from registry_service.domain.reading import Reader

_BUILDINGS: Final = {
    "": Building.UNSPECIFIED,
    "商业": Building.COMMERCIAL,
    "商用": Building.COMMERCIAL,
    "办公": Building.COMMERCIAL,
    "住宅": Building.DWELLING,
    "无烟道综合楼": Building.MIXED_WITHOUT_FLUE,
    "与居住层相邻": Building.NEXT_TO_DWELLINGS,
}
_SHORT: Final = 64


@dataclass(frozen=True, slots=True)
class ImportedPremises:
    """A row as this register reads it; `rejects` says why it is refused, if it is."""

    line: int
    uscc: str
    site: Site
    filing_date: date
    record_id: str
    rejects: tuple[Remark, ...]
    mends: tuple[int, int] | None
    warnings: tuple[Remark, ...] = ()
    """None yet: a place is taken or refused."""


def read_premises_row(
    line: int,
    values: Mapping[str, str],
    source: str,
    today: date,
    mends: tuple[int, int] | None = None,
) -> ImportedPremises:
    """Read a row; what is wrong with it is in the result, nothing is raised or guessed.

    A place whose unit neither the column 管辖单位 nor its address tells is refused: somebody has
    to supervise it.
    """
    texts = {name: cell(text) for name, text in values.items()}
    reader = Reader()
    uscc = reader.uscc("uniscid", texts.get("uniscid", ""))
    named = _unit(texts.get("unit", ""), source, today, reader)
    address = reader.address(
        "address",
        texts.get("address", ""),
        unit=named,
        standard_code=reader.text("standard_code", texts.get("standard_code", ""), _SHORT),
    )
    if address.text and address.unit is None and not reader.faults:
        reader.fault("address", "names no county or zone", "地址未写明县（市、区），监管单位不明")
    building = _BUILDINGS.get(texts.get("building", ""))
    if building is None:
        reader.fault("building", "is no known kind of building", "房屋性质无法识别")
    filed = reader.day("filed_date", texts.get("filed_date", "")) or today
    if filed > today:
        reader.fault("filed_date", "lies in the future", "备案日期晚于今天")
    site = Site(
        title=reader.text("title", texts.get("title", ""), limits.NAME_CHARACTERS),
        address=address,
        scope=reader.text("scope", texts.get("scope", ""), limits.SCOPE_CHARACTERS),
        use=reader.text("use", texts.get("use", ""), _SHORT),
        tenancy_end_date=reader.day("tenancy_end", texts.get("tenancy_end", "")),
        building=building or Building.UNSPECIFIED,
    )
    return ImportedPremises(
        line=line,
        uscc=uscc,
        site=site,
        filing_date=filed,
        record_id=reader.text("record_id", texts.get("record_id", ""), _SHORT),
        rejects=tuple(
            Remark(line, RemarkKind.REJECT, f.field, "VALUE_UNFIT", f.zh, None, values)
            for f in reader.faults
        ),
        mends=mends,
    )


def _unit(text: str, source: str, today: date, reader: Reader) -> int | None:
    """The unit that the column names, by a code of its source or by name; None where empty."""
    if not text:
        return None
    ways = ((source, text), ("gb2260", text), (unit.Source.NAME.value, text))
    found = next(filter(None, (unit.find(system, code, today) for system, code in ways)), None)
    if found is None:
        reader.fault("unit", "is no unit of this city", "管辖单位无法识别")
    return found.id if found else None
