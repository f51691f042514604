"""Whether a domicile is the registrar's."""

from license_verify.codes.unit import UNITS, UnitKind
from license_verify.refusal import FieldViolation
from registry_service.domain.address import Address, locate
from registry_service.domain.area import names_elsewhere
from registry_service.domain.errors import InvalidRequest
from registry_service.operations.act import Act


def require_inside(act: Act, address: Address, registrar: int) -> None:
    """Stop if a domicile does not lie under its registrar.

    Raises:
        InvalidRequest: it lies elsewhere, or the address does not tell its county.
    """
    place = locate(address.text)
    unit, elsewhere = _unit(place.unit, address.unit), names_elsewhere(address.text)
    if act.units.covers(registrar, unit) and not elsewhere:
        return
    here = act.units.title(registrar)
    if elsewhere:
        fault = FieldViolation(
            "face.address",
            "names a city or county outside of this city",
            f"住所地址写明的市、县不在本市，不属于{here}登记管辖",
        )
    elif unit is None:
        fault = FieldViolation(
            "face.address",
            "names no county or zone of the city",
            "住所地址未写明县（市、区），无法确定登记机关",
        )
    else:
        there = act.units.title(unit)
        fault = FieldViolation(
            "face.address",
            f"lies in {there}, not under {here}",
            f"住所位于{there}，不属于{here}登记管辖；迁移登记请向迁入地登记机关申请",
        )
    raise InvalidRequest(fault)


def _unit(named: int | None, stated: int | None) -> int | None:
    """The administering unit: as stated, but a county that the text names is not talked away.

    A zone may be stated within it; its name is often left out of an address.
    """
    if named is None or stated is None or UNITS[named].kind is UnitKind.ZONE:
        return named if named is not None else stated
    zone = stated in UNITS and UNITS[stated].kind is UnitKind.ZONE
    return stated if zone else named
