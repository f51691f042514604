"""From the register to what a sheet shows: of a licence or copy, and of a filed place's 亮照."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from license_verify.codes.entity_type import EntityKind, find
from license_verify.lists.status import Status
from license_verify.token.face import LicenseFace
from registry_service.domain.entity import Entity, EntityVersion, Face
from registry_service.domain.errors import LicenseUnknown
from registry_service.domain.license import OWN_STATUS, SignedDocument, entry, site_status
from registry_service.domain.many_addresses import MarkMode
from registry_service.domain.premises import Premises
from registry_service.domain.printed_copy import CopyKind, PrintedCopy
from registry_service.issuing.face import registrar_of
from registry_service.issuing.intent import claims_of
from registry_service.operations.act import Act
from registry_service.operations.document_identity import Identity, identity_of
from registry_service.operations.intend import is_believed
from registry_service.operations.places import filed_places
from registry_service.printing.drawing import Print
from registry_service.printing.errors import NotPrintable
from registry_service.printing.license_sheet import lay_out_license
from registry_service.printing.printed_face import (
    CopyForm,
    PrintedFace,
    PrintedPlace,
    PrintedSite,
    QrCode,
    Surroundings,
    Void,
    china_date,
)
from registry_service.printing.site_sheet import lay_out_site

_VOID: Final[Mapping[Status, Void]] = {
    Status.INVALID: Void("无效", "尚未签发"),
    Status.SUSPENDED: Void("歇业", "该主体已办理歇业备案，歇业期间主体资格存续"),
    Status.SUPERSEDED: Void("失效", "登记事项已变更或已换发新照，本执照不再有效"),
    Status.REVOKED: Void("吊销", "该主体已被吊销营业执照"),
    Status.DEREGISTERED: Void("注销", "该主体已注销"),
    Status.ANNULLED: Void("撤销", "该登记已被撤销"),
    Status.LOST_VOID: Void("作废", "本执照已声明作废"),
}
"""What is printed across a face that is not simply valid: 吊销 must show inside it (SAMR Order 52
art. 64)."""
_ON_PAPER: Final = frozenset({Status.VALID, Status.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Titles:
    """How units sign on paper; `{unit}` stands for the unit's full name."""

    registrar: str
    supervisor: str


@dataclass(frozen=True, slots=True)
class LicenseToPrint:
    """A signed licence with all that its sheet shows."""

    document: SignedDocument
    form: CopyForm
    uscc: str
    version: EntityVersion
    registrar: str
    status: Status
    mark: MarkMode | None
    places: tuple[PrintedPlace, ...]
    identity: Identity
    copy_number: str
    """Of a 副本, as `1-1`; else empty."""

    def lay_out(self, code: QrCode, around: Surroundings) -> Print:
        """Its sheets."""
        return lay_out_license(self._face(code), around)

    def _face(self, code: QrCode) -> PrintedFace:
        face, kind = self.version.face, _kind(self.version.face)
        labels = kind.labels
        # What is printed on paper is printed of what is in force, and dormancy is no part of it.
        void = _VOID.get(self.status) if self.form is CopyForm.ELECTRONIC else None
        return PrintedFace(
            form=self.form,
            uscc=self.uscc,
            labels=labels,
            name=face.business_name,
            type_text=face.organization_form if labels.has_form else _type_text(face),
            person=face.person,
            capital=face.capital.text if face.capital else "",
            address=face.address.text,
            established=_established(face),
            scope=face.scope,
            registrar=self.registrar,
            approved=self.version.effective_date,
            code=code,
            term=_term(face),
            copy_number=self.copy_number,
            license_number=self.identity.license_number,
            document_id=self.identity.document_id,
            mark=self.mark,
            places=self.places,
            void=void,
        )


@dataclass(frozen=True, slots=True)
class SiteToPrint:
    """A signed site code with all that its sheet shows."""

    document: SignedDocument
    uscc: str
    business_name: str
    premises: Premises
    supervisor: str
    registrar: str

    def lay_out(self, code: QrCode, around: Surroundings) -> Print:
        """Its sheets."""
        site = self.premises.site
        printed = PrintedSite(
            uscc=self.uscc,
            number=self.premises.number,
            name=self.business_name,
            site_title=site.title,
            address=site.address.text,
            scope=site.scope,
            supervisor=self.supervisor,
            registrar=self.registrar,
            filed=self.premises.filing_date,
            code=code,
        )
        return lay_out_site(printed, around)


def license_to_print(
    act: Act, entity: Entity, document: SignedDocument, titles: Titles
) -> LicenseToPrint:
    """What an electronic licence shows, and how it stands.

    Raises:
        LicenseUnknown: it was never signed.
    """
    identity = identity_of(document, act.units)
    return _to_print(act, entity, document, titles, CopyForm.ELECTRONIC, identity)


def copy_to_print(act: Act, entity: Entity, copy: PrintedCopy, titles: Titles) -> LicenseToPrint:
    """What a 正本 or 副本 shows, with a symbol of its own.

    Raises:
        LicenseUnknown: it was never signed, or was printed before this register.
        NotPrintable: it is not in force, or checkers refuse its key or its host.
    """
    if copy.document is None:
        raise LicenseUnknown(
            "the copy was printed before this register and has no token",
            zh="该正副本是本系统启用前印制的，没有电子签名，请重新打印",
            copy=copy.number,
        )
    form = CopyForm.ORIGINAL if copy.kind is CopyKind.ORIGINAL else CopyForm.DUPLICATE
    identity = Identity(copy.license_number, copy.document_id)
    found = _to_print(act, entity, copy.document, titles, form, identity)
    _require_in_force(act, copy.document, found.status)
    return replace(found, copy_number=f"1-{copy.duplicate}" if copy.duplicate else "")


def _to_print(
    act: Act,
    entity: Entity,
    document: SignedDocument,
    titles: Titles,
    form: CopyForm,
    identity: Identity,
) -> LicenseToPrint:
    """The version of the face that a document was issued for, marked as the city's policy says."""
    claims = claims_of(document.to_be_signed)
    claimed = claims.face
    version = document.facts_version
    versions = act.tx.entities.versions(entity.number, before=version + 1, limit=1)
    if document.token is None or not isinstance(claimed, LicenseFace) or not versions:
        raise LicenseUnknown("it is not signed yet, or was given up", zh="尚未签发，或者已作废")
    mode = act.policy_for(None).mark_mode
    listed = claimed.many_addresses and mode is MarkMode.INLINE_LIST
    return LicenseToPrint(
        document=document,
        form=form,
        uscc=claims.uscc.text,
        version=versions[0],
        registrar=_signs(act, titles.registrar, claimed.registrar),
        status=entry(entity.state, OWN_STATUS[document.state]),
        mark=mode if claimed.many_addresses else None,
        places=_places(act, entity) if listed else (),
        identity=identity,
        copy_number="",
    )


def site_to_print(
    act: Act, entity: Entity, document: SignedDocument, premises: Premises, titles: Titles
) -> SiteToPrint:
    """What the sheet of a filed place shows.

    Raises:
        LicenseUnknown: its code was never signed.
        NotPrintable: the code, the place or the entity is no longer in force, or checkers refuse
            the code's key or its host.
    """
    if document.token is None:
        raise LicenseUnknown("it is not signed yet, or was given up", zh="尚未签发，或者已作废")
    status = entry(entity.state, site_status(document.state, premises.state))
    _require_in_force(act, document, status)
    return SiteToPrint(
        document=document,
        uscc=entity.uscc,
        business_name=entity.face.business_name,
        premises=premises,
        supervisor=_supervises(act, titles.supervisor, premises.unit),
        registrar=_signs(act, titles.registrar, registrar_of(entity)),
    )


def _require_in_force(act: Act, document: SignedDocument, status: Status) -> None:
    """Stop before paper is printed that checkers refuse.

    Raises:
        NotPrintable: for its status, its key or its host.
    """
    if status not in _ON_PAPER:
        raise NotPrintable(
            f"it reads {status.name}: paper is printed of what is in force only",
            zh="该证照已不在有效状态，不能打印纸质执照或亮照；电子营业执照可以查看",
            status=status.name,
        )
    if not is_believed(act.tx, document):
        raise NotPrintable(
            "its key is distrusted or its host given up; issue it anew and print that",
            zh="该证照的签名密钥已不受信任或域名已停用，请重新签发后再打印",
            status=status.name,
        )


def _places(act: Act, entity: Entity) -> tuple[PrintedPlace, ...]:
    return tuple(
        PrintedPlace(each.number, each.site.title, each.site.address.text)
        for each in filed_places(act.tx, entity.number)
    )


def _signs(act: Act, pattern: str, unit: int) -> str:
    return pattern.format(unit=act.units.full_title(unit))


def _supervises(act: Act, pattern: str, unit: int) -> str:
    """A station bears its own name."""
    if act.units.administering(unit) != unit:
        return act.units.title(unit)
    return _signs(act, pattern, unit)


def _kind(face: Face) -> EntityKind:
    kind = face.kind
    assert kind is not None  # noqa: S101 - a licence of an unknown type is never issued
    return kind


def _type_text(face: Face) -> str:
    row = find(face.type_code)
    return row.label if row else ""


def _established(face: Face) -> date:
    day = face.establish_date
    assert day is not None  # noqa: S101 - a licence without it is never issued
    return day


def _term(face: Face) -> str:
    """营业期限, which older faces print; empty where no end is known."""
    if face.term_end_date is None:
        return ""
    start = face.term_start_date or face.establish_date
    begin = f"{china_date(start)}至" if start else "至"
    return begin + china_date(face.term_end_date)
