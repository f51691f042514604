"""The invented firm, its shop and a household, as the integrators' codes show them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from clients.integrators import system
from clients.sample.codes import uscc
from license_verify.token.claims import Claims, StatusRef, end_of
from license_verify.token.face import LicenseFace, SiteFace, digest

CODE: Final = uscc("91", "370811", 901)
HOUSEHOLD_CODE: Final = uscc("92", "370811", 902)
MISTYPED: Final = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")
_SCOPE: Final = digest("一般项目：日用百货销售")
ISSUED_AT: Final = datetime(2026, 3, 4, 2, tzinfo=UTC)
LATE: Final = datetime(2099, 1, 1, tzinfo=UTC)
ADDRESS: Final = "山东省济宁市任城区阜桥街道接口路7号"
SHOP_ADDRESS: Final = "山东省济宁市曲阜市鲁城街道联调街8号"
OTHER_ADDRESS: Final = "山东省济宁市邹城市钢山街道未备案路9号"

FACE: Final = LicenseFace(
    version=2,
    name="济宁市联调样例商贸有限公司",
    type_code=1130,
    person="孙样例",
    address=ADDRESS,
    capital="壹佰万元整",
    established=date(2019, 5, 6),
    registrar=11,
    scope_digest=_SCOPE,
    approved=date(2026, 3, 4),
    many_addresses=True,
)
SHOP: Final = SiteFace(
    version=1,
    name=FACE.name,
    address=SHOP_ADDRESS,
    registrar=11,
    supervisor=20,
    approved=date(2026, 4, 1),
    site_name="联调曲阜门店",
    scope_digest=_SCOPE,
)
_HOUSEHOLD: Final = LicenseFace(
    version=1,
    name=None,
    type_code=9500,
    person="周样例",
    address="山东省济宁市任城区古槐街道试验巷3号",
    established=date(2021, 2, 3),
    registrar=11,
    scope_digest=_SCOPE,
    approved=date(2026, 3, 4),
    form="个人经营",
)
_LONG: Final = replace(FACE, name="济宁市" + "联调样例" * 12 + "商贸有限公司")


def licence(entry: int = system.GOOD, face: LicenseFace = FACE, uri: str = system.URI) -> Claims:
    """The firm's licence with its status at `entry`."""
    return Claims(CODE, ISSUED_AT, None, StatusRef(entry, uri), face)


def shop(entry: int = system.SITE) -> Claims:
    """The code on the shop's wall."""
    return Claims(f"{CODE}-3", ISSUED_AT, None, StatusRef(entry, system.URI), SHOP)


def copy(number: int, entry: int) -> Claims:
    """正本 (0) or 副本 n of the firm's licence."""
    return licence(entry, replace(FACE, copy=number))


def household() -> Claims:
    """A household 个体工商户 without a name."""
    status = StatusRef(system.NAMELESS, system.URI)
    return Claims(HOUSEHOLD_CODE, ISSUED_AT, None, status, _HOUSEHOLD)


def shortened() -> Claims:
    """A face with name and address as digests, as long names need it."""
    return licence(system.SHORT, _LONG.with_name_shortened().with_address_digest())


def with_term(last_day: date, entry: int = system.TERM) -> Claims:
    """The firm's licence with a term that ends with `last_day`."""
    return replace(licence(entry), expires_at=end_of(last_day))
