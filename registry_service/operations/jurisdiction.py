"""Whether a domicile is the registrar's."""

from license_verify.refusal import FieldViolation
from registry_service.domain.address import Address, locate
from registry_service.domain.errors import InvalidRequest
from registry_service.operations.act import Act


def require_inside(act: Act, address: Address, registrar: int) -> None:
    """Stop if a domicile does not lie under its registrar.

    Raises:
        InvalidRequest: it lies elsewhere, or the address does not tell its county.
    """
    if act.units.covers(registrar, address.unit) and not locate(address.text).outside:
        return
    here = act.units.title(registrar)
    if address.unit is None:
        fault = FieldViolation(
            "face.address",
            "names no county or zone of the city",
            "住所地址未写明县（市、区），无法确定登记机关",
        )
    else:
        there = act.units.title(address.unit)
        fault = FieldViolation(
            "face.address",
            f"lies in {there}, not under {here}",
            f"住所位于{there}，不属于{here}登记管辖；迁移登记请向迁入地登记机关申请",
        )
    raise InvalidRequest(fault)
