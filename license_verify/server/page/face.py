"""The face as lines of the page, titled as a licence of its kind titles them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from license_verify.server.page.both import NOTHING, Both, written_day
from license_verify.server.page.mask import masked
from license_verify.shown import ShownFace


@dataclass(frozen=True, slots=True)
class Item:
    """One line."""

    title: Both
    value: str
    """In Chinese."""
    note: Both = NOTHING
    code: bool = False
    """Set in figures of one width."""
    long: bool = False
    """Too long to stand beside its title."""
    more: str = ""
    """Query of the page that has all of it."""
    english: str = ""
    """The value, where it is a word of ours."""


_ENGLISH: Final[Mapping[str, str]] = {
    "统一社会信用代码": "Unified social credit code",
    "名称": "Name",
    "场所名称": "Site name",
    "场所编号": "Site number",
    "类型": "Type",
    "组成形式": "Form",
    "法定代表人": "Legal representative",
    "执行事务合伙人": "Managing partner",
    "投资人": "Investor",
    "负责人": "Person in charge",
    "经营者": "Operator",
    "注册资本": "Registered capital",
    "出资额": "Capital contribution",
    "住所": "Domicile",
    "主要经营场所": "Main place of business",
    "经营场所": "Place of business",
    "成立日期": "Established",
    "营业期限": "Term",
    "登记机关": "Registrar",
    "监管单位": "Supervised by",
    "核准日期": "Date of this version",
    "经营范围": "Business scope",
    "状态": "State",
    "备案日期": "Filed on",
}
_MANY: Final = Both("一照多址", "many addresses")
_CUT: Final = Both("名称过长，仅示前40字", "first 40 characters only")
_NOT_PRINTED: Final = Both("见备案信息", "not printed in the code")


def document_title(face: ShownFace) -> Both:
    """What was scanned."""
    if face.site is not None:
        return Both("经营场所码", "Site code")
    if face.copy is None:
        return Both("电子营业执照", "Electronic business licence")
    if face.copy == 0:
        return Both("营业执照（正本）", "Business licence, original")
    return Both(f"营业执照（副本 {face.copy}）", f"Business licence, duplicate {face.copy}")


def outdated(title: Both) -> Both:
    """The title over a face that a newer version replaced."""
    return Both(f"{title.zh}（旧版内容）", f"{title.en}, outdated content")


def face_items(face: ShownFace) -> tuple[Item, ...]:
    """The lines in the order of a licence; items that the face lacks are left out."""
    return tuple(item for item in _lines(face) if item.value)


def _lines(face: ShownFace) -> Iterator[Item]:
    if face.site is not None:
        yield line("场所名称", face.site_name)
        yield line("场所编号", str(face.site))
    yield line("名称", face.name, NOTHING if face.name_complete else _CUT)
    yield code_line(face.uscc)
    yield line("组成形式" if face.form else "类型", face.form or face.type_label)
    yield line(face.person_title or "法定代表人", face.person)
    yield line(face.capital_title or "注册资本", face.capital)
    address = face.address or ("—" if face.address_title else None)
    note = _MANY if face.many_addresses else NOTHING
    yield line(face.address_title or "住所", address, note if face.address else _NOT_PRINTED)
    yield line("成立日期", _day(face.established))
    yield line("营业期限", _term(face.term_start, face.term_end))
    yield line("登记机关", face.registrar_name)
    yield line("监管单位", face.supervisor_name)
    yield line("核准日期", _day(face.approved))


def line(title: str, value: str | None, note: Both = NOTHING) -> Item:
    """A line of free text under a title of the table; what must not be shown is masked."""
    return Item(Both(title, _ENGLISH.get(title, "")), masked(value or ""), note)


def word_line(title: str, value: Both) -> Item:
    """A line with a word of ours, in both languages."""
    return Item(Both(title, _ENGLISH[title]), value.zh, english=value.en)


def code_line(uscc: str) -> Item:
    """The credit code, unmasked: it is no number of a person."""
    title = "统一社会信用代码"
    return Item(Both(title, _ENGLISH[title]), uscc, code=True, long=True)


def _day(day: date | None) -> str:
    return "" if day is None else written_day(day)


def _term(start: date | None, end: date | None) -> str:
    if start is None and end is None:
        return ""
    return f"{_day(start) or '成立之日'}至{_day(end) or '长期'}"
