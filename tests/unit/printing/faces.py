"""Invented faces to print, and where their text lies."""

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
import qrcode
from qrcode.constants import ERROR_CORRECT_M

from license_verify.codes.entity_type import EntityKind
from registry_service.printing.drawing import Print, Sheet, Symbol, Text
from registry_service.printing.printed_face import (
    CopyForm,
    PrintedFace,
    PrintedPlace,
    PrintedSite,
    QrCode,
    Surroundings,
)

PLAIN: Final = Surroundings(test_system=False)
TEST: Final = Surroundings(test_system=True)
SCAN: Final = "https://zz.jining.example/" + "31415926535897932384626433" * 36
SCOPE: Final = (
    "一般项目：日用百货销售；普通货物仓储服务（不含危险化学品等需许可审批的项目）；国内货物运输代理；"
    "装卸搬运；信息咨询服务（不含许可类信息咨询服务）。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
    "许可项目：道路货物运输（不含危险货物）；食品销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动，"
    "具体经营项目以相关部门批准文件或许可证件为准）"
)
_BY_KIND: Final[dict[EntityKind, dict[str, Any]]] = {
    EntityKind.COMPANY: {},
    EntityKind.NON_COMPANY: {"name": "济宁市试写供销社", "type_text": "集体所有制"},
    EntityKind.PARTNERSHIP: {
        "name": "济宁市试写股权投资合伙企业（有限合伙）",
        "type_text": "有限合伙企业",
        "person": "济宁市试写投资有限公司（委派代表：钱试写）",
    },
    EntityKind.SOLE_OWNER: {"name": "曲阜市试写木艺厂", "type_text": "个人独资企业"},
    EntityKind.COOPERATIVE: {
        "name": "曲阜市试写种植专业合作社",
        "type_text": "农民专业合作社",
    },
    EntityKind.BRANCH: {
        "name": "济宁市试写物流有限公司任城分公司",
        "type_text": "有限责任公司分公司（自然人投资或控股）",
        "capital": "",
    },
    EntityKind.HOUSEHOLD: {"name": "", "type_text": "个人经营", "capital": ""},
}


def a_code() -> QrCode:
    """A symbol of usual size, always the same."""
    drawn = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, mask_pattern=3)
    drawn.add_data(SCAN)
    drawn.make(fit=True)
    return QrCode(np.array(drawn.get_matrix(), dtype=np.bool_), 0.4, "zz.jining.example")


_CODE: Final = a_code()


def a_printed_face(
    form: CopyForm = CopyForm.DUPLICATE, kind: EntityKind = EntityKind.COMPANY, **other: Any
) -> PrintedFace:
    """A company's licence, but for what is given."""
    values: dict[str, Any] = {
        "uscc": "91370811MAJN000108",
        "labels": kind.labels,
        "name": "济宁市试写物流有限公司",
        "type_text": "有限责任公司（自然人投资或控股）",
        "person": "钱试写",
        "capital": "壹佰万元整",
        "address": "山东省济宁市任城区阜桥街道样例路2号（样例路口向南100米）5号楼1-107号商铺",
        "established": date(2020, 5, 6),
        "scope": SCOPE,
        "registrar": "济宁市任城区行政审批服务局",
        "approved": date(2026, 11, 2),
        "code": _CODE,
        "copy_number": "1-1" if form is CopyForm.DUPLICATE else "",
    }
    return PrintedFace(form, **(values | _BY_KIND[kind] | other))


def a_printed_site(**other: Any) -> PrintedSite:
    """The sheet of a shop, but for what is given."""
    values: dict[str, Any] = {
        "uscc": "91370811MAJN000108",
        "number": 12,
        "name": "济宁市试写便利店有限公司",
        "site_title": "试写便利曲阜第12店",
        "address": "山东省济宁市曲阜市鲁城街道样例路7号",
        "scope": "一般项目：日用百货销售。许可项目：食品销售",
        "supervisor": "曲阜市市场监督管理局",
        "registrar": "济宁市任城区行政审批服务局",
        "filed": date(2026, 3, 4),
        "code": _CODE,
    }
    return PrintedSite(**(values | other))


def places(count: int) -> tuple[PrintedPlace, ...]:
    """So many shops of a chain."""
    return tuple(
        PrintedPlace(n, f"试写便利第{n}店", f"山东省济宁市任城区阜桥街道样例路{n}号1-{n % 10}商铺")
        for n in range(1, count + 1)
    )


def written(printed: Print) -> str:
    """All text on all sheets, in the order in which it is read."""
    return "".join(text.text for sheet in printed.sheets for text in sheet.texts)


Extent = tuple[float, float, float, float]


def extents(sheet: Sheet) -> Iterator[tuple[str, Extent]]:
    """What lies on a sheet: left, top, right, bottom. Watermarks lie under everything."""
    for item in sheet.items:
        if isinstance(item, Text) and not item.angle:
            top, bottom = item.y - 0.88 * item.em, item.y + 0.12 * item.em
            yield item.text, (item.left, top, item.left + item.width, bottom)
        elif isinstance(item, Symbol):
            yield "symbol", (item.x, item.y, item.x + item.side, item.y + item.side)


def collisions(sheet: Sheet) -> list[tuple[str, str]]:
    """Pairs that lie on each other, by more than a tenth of a millimetre."""
    slack = 0.1
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(extents(sheet), 2)
        if a[0] < b[2] - slack
        and b[0] < a[2] - slack
        and a[1] < b[3] - slack
        and b[1] < a[3] - slack
    ]
