"""换发、补发 and 声明作废 of the licence as a whole."""

from registry_service.domain.authority import ActName
from registry_service.domain.errors import LicenseNotLive, LicenseUnknown
from registry_service.domain.license import ABOVE_VERSIONS, LicenseState, SignedDocument
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.expected import require_basis
from registry_service.operations.issue_license import end_document, intend_license, supersede


def reissue_license(
    act: Act, code: str, reason: str, request_id: str | None = None
) -> SignedDocument:
    """Store the intent of a new version of the same face; one in force is superseded.

    Raises:
        EntityUnknown: none has or had the code.
        NotYourUnit, RoleMissing, UnitUnclear: not the home registrar.
        EntityEnded: 吊销, 注销 or 撤销.
        LicenseUnknown: none was ever issued: issue the first.
        InvalidRequest: no reason.
        FaceIncomplete, FaceTooLong: the face can't be printed.
        SignerUnavailable: no key or host is published yet.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.REISSUE_LICENSE, entity=entity)
    require_basis(reason)
    entity.require_alive()
    live = act.tx.licenses.live(entity.number)
    if live is None and not act.tx.licenses.page(entity.number, ABOVE_VERSIONS, 1):
        raise LicenseUnknown(
            "no licence was issued that could be issued anew", zh="该主体尚未签发过执照，请直接签发"
        )
    if live is not None:
        entity = supersede(act, entity, live, unit, reason)
    return intend_license(act, entity, unit, request_id, reason)[1]


def void_lost_license(act: Act, code: str, version: int | None, basis: str) -> SignedDocument:
    """Declare the licence in force void with every copy in use; a new one can be issued then.

    Args:
        act: who and when.
        code: of the entity.
        version: of the licence; None for the one in force.
        basis: where the loss was declared.

    Raises:
        EntityUnknown: none has or had the code.
        NotYourUnit, RoleMissing, UnitUnclear: not the home registrar.
        LicenseUnknown: none was issued, or none with that version.
        LicenseNotLive: the version is not in force, or not signed yet.
        InvalidRequest: no basis.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.VOID_LOST_LICENSE, entity=entity)
    require_basis(basis)
    document = act.tx.licenses.find(entity.number, None, version)
    if document.state is not LicenseState.ISSUED:
        raise LicenseNotLive(
            f"version {document.version} is {document.state.value}, not in force",
            zh=f"第 {document.version} 版执照不是有效版本，无须声明作废",
            version=document.version,
            state=document.state.value,
        )
    end_document(act, entity, document, LicenseState.LOST_VOID, unit, basis)
    return act.tx.licenses.again(document)
