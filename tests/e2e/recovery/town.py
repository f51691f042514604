"""What is done at the counters of the drill, before a backup, after it and after the recovery."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from tests.rpc.registry import people
from tests.rpc.registry.second import answered, confirmed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_face,
    a_request_id,
    a_visit,
    an_entity,
    filed,
)
from yizhao.registry.v1 import (
    admin_service_pb2,
    entity_pb2,
    license_service_pb2,
    premises_service_pb2,
    recovery_pb2,
)
from yizhao.registry.v1 import entity_service_pb2 as pb

BASIS = "济市监处罚〔2026〕9号"


@dataclass
class Town:
    """The firms of a drill, acted for by 任城区."""

    registry: Registry

    @property
    def counter(self) -> Client:
        """The registrar's."""
        return self.registry.as_(people.RENCHENG)

    def firm(self, **other: Any) -> entity_pb2.Entity:
        """A registered firm."""
        return an_entity(self.counter, **other)

    def licensed(self, firm: entity_pb2.Entity) -> str:
        """The scan text of a new licence of that firm."""
        request = license_service_pb2.IssueLicenseRequest(
            parent=firm.name, request_id=a_request_id()
        )
        return str(self.counter.licenses.IssueLicense(request).scan_text)

    def shop(self, firm: entity_pb2.Entity, address: str) -> str:
        """The resource name of a place in 曲阜市 that the firm has filed."""
        filing = filed(self.counter, self.read(firm), address)
        assert filing.premises, filing
        return str(filing.premises)

    def door(self, shop: str) -> str:
        """The scan text of a new code for that place."""
        request = license_service_pb2.IssueSiteCodeRequest(parent=shop, request_id=a_request_id())
        return str(self.counter.licenses.IssueSiteCode(request).scan_text)

    def strike(self, firm: entity_pb2.Entity, shop: str) -> None:
        """Strike the place; a second person confirms."""
        asked = self.counter.premises.StrikePremises(
            premises_service_pb2.StrikePremisesRequest(
                name=shop,
                expected_business_name=firm.face.business_name,
                basis=BASIS,
                request_id=a_request_id(),
            )
        )
        answered(self.registry, asked)

    def revoke(self, firm: entity_pb2.Entity) -> entity_pb2.Entity:
        """Revoke the licence; a second person confirms."""
        asked = self.counter.entities.RevokeEntity(
            pb.RevokeEntityRequest(
                name=firm.name,
                expected_business_name=self.read(firm).face.business_name,
                basis=BASIS,
                request_id=a_request_id(),
            )
        )
        return confirmed(self.registry, asked)

    def reinstate(self, firm: entity_pb2.Entity) -> entity_pb2.Entity:
        """Take the revocation back; a second person confirms."""
        asked = self.counter.entities.ReinstateEntity(
            pb.ReinstateEntityRequest(
                name=firm.name,
                expected_business_name=self.read(firm).face.business_name,
                basis=BASIS,
                request_id=a_request_id(),
            )
        )
        return confirmed(self.registry, asked)

    def change(self, firm: entity_pb2.Entity, person: str) -> entity_pb2.Entity:
        """Another representative; a live licence is replaced."""
        return self.amend(firm, person=person)

    def amend(self, firm: entity_pb2.Entity, **items: Any) -> entity_pb2.Entity:
        """Other values of these items."""
        face = a_face(**items)
        changed: entity_pb2.Entity = self.counter.entities.ChangeEntity(
            pb.ChangeEntityRequest(
                name=firm.name,
                face=face,
                update_mask=FieldMask(paths=list(items)),
                application=a_visit(applicant=face.person),
                request_id=a_request_id(),
            )
        )
        return changed

    def correct_code(self, firm: entity_pb2.Entity, code: str) -> entity_pb2.Entity:
        """Put the right credit code in force."""
        corrected: entity_pb2.Entity = self.counter.entities.CorrectCode(
            pb.CorrectCodeRequest(
                name=firm.name, uscc=code, basis="核对赋码档案", request_id=a_request_id()
            )
        )
        return corrected

    def read(self, firm: entity_pb2.Entity) -> entity_pb2.Entity:
        """As the register has it now."""
        found: entity_pb2.Entity = self.counter.entities.GetEntity(
            pb.GetEntityRequest(name=firm.name)
        )
        return found

    def items(self, *, closed: bool = False) -> list[recovery_pb2.RecoveryItem]:
        """What has to be entered again in 任城区."""
        request = admin_service_pb2.ListRecoveryItemsRequest(unit="units/11", include_closed=closed)
        return list(self.counter.admin.ListRecoveryItems(request).recovery_items)

    def close(
        self, by: str, firm: entity_pb2.Entity, item: recovery_pb2.RecoveryItem, reason: str
    ) -> recovery_pb2.RecoveryItem:
        """Close an item without repeating the act."""
        request = admin_service_pb2.CloseRecoveryItemRequest(
            name=item.name,
            expected_business_name=firm.face.business_name,
            reason=reason,
            request_id=a_request_id(),
        )
        closed: recovery_pb2.RecoveryItem = self.registry.as_(by).admin.CloseRecoveryItem(request)
        return closed

    def live_license(self, firm: entity_pb2.Entity) -> str:
        """The scan text of the licence in force."""
        request = license_service_pb2.GetLicenseRequest(name=f"{firm.name}/licenses/-")
        return str(self.counter.licenses.GetLicense(request).scan_text)
