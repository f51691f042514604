"""正本, 副本 and the electronic licence: the landscape layout in use since 2019-03-01."""

from collections.abc import Iterator
from typing import Final

from registry_service.domain.many_addresses import MarkMode
from registry_service.printing.continuation import Belongs, Part, continuation_sheets
from registry_service.printing.drawing import (
    INK,
    PALE,
    Item,
    Paper,
    Picture,
    Print,
    Sheet,
    Text,
)
from registry_service.printing.fields import Column, Field, Placed, common_size, place
from registry_service.printing.fitting import em_of_size, one_line, scale_of
from registry_service.printing.ornament import unit
from registry_service.printing.parts import (
    LEFT,
    RIGHT,
    background,
    foot,
    middle_line,
    small_print,
    symbol,
    title,
)
from registry_service.printing.printed_face import (
    SUFFIX,
    CopyForm,
    PrintedFace,
    PrintedPlace,
    Surroundings,
    china_date,
)

_GOES_ON: Final = "（下转附页）"
_ELSEWHERE: Final = "（共{count}处经营场所，名录见附页）"

_REPORT: Final = "市场主体应当于每年1月1日至6月30日通过国家企业信用信息公示系统报送公示年度报告"
_PUBLICITY: Final = "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn"
_SUPERVISED: Final = "国家市场监督管理总局监制"

_MIDDLE: Final = 170.0
_FIELDS_TOP: Final = 75.0
_LEFT_BOTTOM: Final = 184.0
_RIGHT_BOTTOM: Final = 150.0
"""Of an A4 sheet, in millimetres."""


def lay_out_license(face: PrintedFace, around: Surroundings) -> Print:
    """Every sheet of a licence: its face, and 附页 where a text or list goes on."""
    paper = face.form.paper
    scale = scale_of(paper)
    columns = _columns(face, paper)
    size = common_size(columns, scale)
    left, right = (place(column, size, scale, _GOES_ON) for column in columns)
    items: list[Item] = [
        *background(paper, around, face.void),
        *_head(face, paper, around),
        *symbol(face.code, paper, _captions(face)),
        *left.texts,
        *right.texts,
        *_registrar(face, paper),
        *_document_id(face, paper),
        *foot(paper, _PUBLICITY, _REPORT, _SUPERVISED),
    ]
    more = continuation_sheets(_belongs(face), list(_continued(face, left, right)), around)
    return Print(face.title, (Sheet(paper, tuple(items)), *more))


def _belongs(face: PrintedFace) -> Belongs:
    form = f"{face.form.value} {face.copy_number}".strip()
    rows = [f"统一社会信用代码：{face.uscc}　{form}"]
    rows += [f"名称：{face.name}"] if face.name else []
    rows += [f"证照编号：{face.license_number}"] if face.license_number else []
    return Belongs("营业执照附页", tuple(rows), face.form.paper, face.code, face.void)


def _continued(face: PrintedFace, left: Placed, right: Placed) -> Iterator[Part]:
    """What goes on to 附页: each character stands there or on the face, never on both."""
    if left.left_over:
        yield Part("经营范围（上接正面）", (left.left_over,))
    if right.left_over:
        yield Part(f"{face.labels.address}（上接正面）", (right.left_over,))
    if face.places and (right.replaced or right.left_over):
        heading = f"经营场所名录（一照多址，共{len(face.places)}处）"
        yield Part(heading, tuple(_listed(each) for each in face.places))


def _listed(place: PrintedPlace) -> str:
    return f"{place.number}．" + "　".join(part for part in (place.title, place.address) if part)


def _captions(face: PrintedFace) -> tuple[str, ...]:
    check = "扫码核验本执照及其现状"
    if face.mark is MarkMode.SUFFIX_PLUS_QR_LIST:
        return (check, "并查看全部经营场所", f"https://{face.code.host}/")
    return (check, f"https://{face.code.host}/")


def _head(face: PrintedFace, paper: Paper, around: Surroundings) -> list[Item]:
    k = unit(paper)
    items: list[Item] = []
    if around.emblem:
        side = 19 * k
        items.append(Picture(paper.width / 2 - side / 2, 21.5 * k, side, around.emblem))
    items.append(title(paper, "营业执照", 55, 36))
    items.append(middle_line(paper, f"（{face.form.value}）", 64, 14 * k, colour=INK))
    return items + _numbers(face, paper)


def _numbers(face: PrintedFace, paper: Paper) -> list[Item]:
    """Code and numbers at the upper left."""
    k = unit(paper)
    x, room = LEFT * k, 72 * k
    label, code = "统一社会信用代码", face.uscc
    items: list[Item] = [
        Text(x, 28 * k, label, 10 * k, len(label) * em_of_size(10 * k), bold=True),
        one_line(code, room, (15 * k,), x=x, y=36 * k, bold=True),
    ]
    y = 44 * k
    rows = [("副本编号", face.copy_number), ("证照编号", face.license_number)]
    for name, value in rows:
        if value:
            items.append(one_line(f"{name}：{value}", room, (10 * k, 8 * k), x=x, y=y))
            y += 6.2 * k
    return items


def _columns(face: PrintedFace, paper: Paper) -> tuple[Column, Column]:
    k = unit(paper)
    labels = face.labels
    left = _fields(
        ("名称", face.name),
        (labels.kind, face.type_text),
        (labels.person, face.person),
        ("经营范围", face.scope),
    )
    right = _fields(
        (labels.capital or "", face.capital if labels.capital else ""),
        ("成立日期", china_date(face.established)),
        ("营业期限", face.term),
    )
    address = _address(face)
    return (
        Column(LEFT * k, (_MIDDLE - 8 - LEFT) * k, _FIELDS_TOP * k, _LEFT_BOTTOM * k, left),
        Column(
            _MIDDLE * k,
            (RIGHT - _MIDDLE) * k,
            _FIELDS_TOP * k,
            _RIGHT_BOTTOM * k,
            (*right, address),
        ),
    )


def _fields(*pairs: tuple[str, str]) -> tuple[Field, ...]:
    return tuple(Field(label, (value,)) for label, value in pairs if value)


def _address(face: PrintedFace) -> Field:
    """The domicile with its mark 一照多址, the list below it in that mode."""
    marked = face.address
    if face.mark in (MarkMode.SUFFIX, MarkMode.SUFFIX_PLUS_QR_LIST):
        marked += SUFFIX
    if not face.places:
        return Field(face.labels.address, (marked,))
    listed = tuple(f"经营场所{each.number}：{each.address}" for each in face.places)
    instead = (marked, _ELSEWHERE.format(count=len(face.places)))
    return Field(face.labels.address, (marked, *listed), instead)


def _registrar(face: PrintedFace, paper: Paper) -> list[Item]:
    """Registrar and date; on paper with room for its seal, else with what stands for the seal."""
    k = unit(paper)
    middle = (_MIDDLE + RIGHT) / 2 * k
    room = (RIGHT - _MIDDLE) * k
    size = 12 * k
    label = "登记机关" if face.form is CopyForm.ELECTRONIC else "登记机关（盖章）"
    rows = [
        (159.0, label, size, True),
        (167.5, face.registrar, size, False),
        (176.0, china_date(face.approved), size, False),
    ]
    items: list[Item] = [
        one_line(words, room, (wanted, 9 * k), x=middle, y=y * k, bold=bold, anchor="middle")
        for y, words, wanted, bold in rows
    ]
    if face.form is CopyForm.ELECTRONIC:
        note = "本执照附有登记机关的电子签名，以此代替印章"
        sizes = (8 * k,)
        items.append(one_line(note, room, sizes, x=middle, y=183 * k, colour=PALE, anchor="middle"))
    return items


def _document_id(face: PrintedFace, paper: Paper) -> list[Item]:
    if not face.document_id:
        return []
    k = unit(paper)
    words = f"电子证照标识：{face.document_id}"
    sizes = (small_print(paper),)
    return [one_line(words, 150 * k, sizes, x=LEFT * k, y=188.3 * k, colour=PALE)]
