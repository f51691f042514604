"""亮照 of a filed place: the sheet for its wall, with its own code and what to scan."""

from typing import Final

from registry_service.printing.continuation import Belongs, Part, continuation_sheets
from registry_service.printing.drawing import A4, INK, Item, Print, Sheet, Symbol, Text
from registry_service.printing.fields import Column, Field, common_size, place
from registry_service.printing.fitting import Scale, block, scale_of
from registry_service.printing.ornament import unit
from registry_service.printing.parts import LEFT, RIGHT, background, foot, middle_line, title
from registry_service.printing.printed_face import PrintedSite, Surroundings, china_date
from registry_service.printing.widths import ems

PAPER: Final = A4
SCALE: Final = Scale((15, 14, 13, *scale_of(A4).values), broken=9, overflow=10.5)
"""Larger than a licence's, where there is room: it is read from across a counter."""
_MIDDLE: Final = 205.0
_TOP: Final = 70.0
_BOTTOM: Final = 186.0
_ASIDE: Final = "本经营场所与住所使用同一营业执照，执照正本置于住所"
_SCAN: Final = "扫一扫，核验本场所"
_GOES_ON: Final = "（下转附页）"


def lay_out_site(site: PrintedSite, around: Surroundings) -> Print:
    """The one sheet of a place."""
    column = Column(LEFT, _MIDDLE - 10 - LEFT, _TOP, _BOTTOM, _fields(site))
    placed = place(column, common_size([column], SCALE), SCALE, _GOES_ON)
    k = unit(PAPER)
    items: list[Item] = [
        *background(PAPER, around, site.void),
        title(PAPER, "经营场所亮照", 44, 32),
        middle_line(PAPER, "（一照多址）", 54.5, 13 * k, colour=INK),
        *placed.texts,
        *_what_to_scan(site),
        *foot(PAPER, left=_ASIDE, right=f"登记机关：{site.registrar}"),
    ]
    rest = [Part("经营范围（上接正面）", (placed.left_over,))] if placed.left_over else []
    more = continuation_sheets(_belongs(site), rest, around)
    return Print(site.title, (Sheet(PAPER, tuple(items)), *more))


def _belongs(site: PrintedSite) -> Belongs:
    rows = [f"场所编号：{site.uscc}-{site.number}"]
    rows += [f"企业名称：{site.name}"] if site.name else []
    return Belongs("经营场所亮照附页", tuple(rows), PAPER, site.code, site.void)


def _fields(site: PrintedSite) -> tuple[Field, ...]:
    pairs = (
        ("企业名称", site.name),
        ("信用代码", site.uscc),
        ("场所名称", site.site_title),
        ("经营场所", site.address),
        ("场所编号", f"{site.uscc}-{site.number}"),
        ("备案日期", china_date(site.filed)),
        ("监管单位", site.supervisor),
        ("经营范围", site.scope),
    )
    return tuple(Field(label, (value,)) for label, value in pairs if value)


def _what_to_scan(site: PrintedSite) -> list[Item]:
    """The symbol, and three steps for whoever stands in front of it."""
    side = len(site.code.modules) * site.code.module
    middle = (_MIDDLE + RIGHT) / 2
    top = _TOP + 2
    items: list[Item] = [
        _centred(_SCAN, middle, top, 13.0, bold=True),
        Symbol(middle - side / 2, top + 4, site.code.modules, site.code.module),
    ]
    steps = (
        "1．用手机相机或微信扫描上方二维码；",
        "2．看清网址开头为",
        f"　　https://{site.code.host}/",
        "3．页面应显示有效，名称、地址与本处一致。",
    )
    found = block(steps, RIGHT - _MIDDLE, 9.0)
    return [*items, *found.texts(_MIDDLE, top + side + 8)]


def _centred(words: str, x: float, y: float, size: float, *, bold: bool = False) -> Text:
    text = Text(x, y, words, size, 0, bold=bold, anchor="middle")
    return Text(x, y, words, size, ems(words) * text.em, bold=bold, anchor="middle")
