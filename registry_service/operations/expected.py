"""What a caller must have got right before an act that is hard to undo."""

from license_verify.normalise import normalise_name
from license_verify.refusal import FieldViolation
from registry_service.domain.entity import Entity
from registry_service.domain.errors import ExpectedNameDiffers, InvalidRequest


def require_basis(basis: str) -> None:
    """Stop an act without its ground.

    Raises:
        InvalidRequest: there is none.
    """
    if not basis:
        raise InvalidRequest(FieldViolation("basis", "is required", "请填写决定文书编号和法律依据"))


def require_name(entity: Entity, expected_name: str) -> None:
    """Stop an act on another entity than the caller believes it to be on.

    Raises:
        ExpectedNameDiffers: the entity bears another name.
    """
    if normalise_name(expected_name) != normalise_name(entity.face.business_name):
        raise ExpectedNameDiffers(
            "the entity bears another name than expected; read it again",
            zh="主体名称与您填写的名称不一致，请核对后再办理",
            code=entity.uscc,
        )
