"""AdminService."""

from collections.abc import Callable, Iterator

import grpc

from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.import_run import ImportKind
from registry_service.domain.unit import Alias, Unit
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.key_changes import KeyKeeper
from registry_service.operations.put_staff import put_staff
from registry_service.operations.put_station import put_station
from registry_service.rpc import names
from registry_service.rpc.access_methods import AccessMethods
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_staff import staff_from_pb, staff_to_pb
from registry_service.rpc.convert_values import date_to_pb, unit_from_pb
from registry_service.rpc.import_methods import ImportMethods
from registry_service.rpc.key_methods import KeyMethods
from registry_service.rpc.mass_methods import MassMethods
from registry_service.rpc.policy_methods import PolicyMethods
from registry_service.rpc.recovery_methods import RecoveryMethods
from registry_service.rpc.second_person import SecondPerson
from registry_service.rpc.sync_methods import SyncMethods
from yizhao.registry.v1 import (
    access_pb2,
    admin_service_pb2_grpc,
    entity_pb2,
    import_run_pb2,
    key_pb2,
    mass_run_pb2,
    policy_pb2,
    recovery_pb2,
    unit_pb2,
)
from yizhao.registry.v1 import admin_service_pb2 as pb


class AdminServicer(admin_service_pb2_grpc.AdminServiceServicer):
    """Units, staff, imports, mass runs and keys."""

    def __init__(
        self,
        answers: Answers,
        signed_import: Callable[[], None],
        confirmed_run: Callable[[], None],
        keeper: KeyKeeper,
    ) -> None:
        """Prepare.

        Args:
            answers: opens acts.
            signed_import: is told that a share of an import was signed off.
            confirmed_run: is told that a mass run is to go on.
            keeper: of the keys.
        """
        self._answers = answers
        self._mass = MassMethods(answers, confirmed_run)
        self._imports = ImportMethods(answers, signed_import)
        self._policies = PolicyMethods(answers)
        self._second = SecondPerson(answers)
        self._accesses = AccessMethods(answers)
        self._recovery = RecoveryMethods(answers)
        self._sync = SyncMethods(answers)
        self._keys = KeyMethods(answers, keeper)

    def ListUnits(
        self, request: pb.ListUnitsRequest, context: grpc.ServicerContext
    ) -> pb.ListUnitsResponse:
        """See admin_service.proto."""
        page = Page(request, int, default=1000)

        def read(act: Act) -> pb.ListUnitsResponse:
            authorise(act, ActName.LIST_UNITS)
            aliases = act.tx.units.aliases()
            after = int(page.after[0]) if page.after else 0
            units = sorted(act.units, key=lambda unit: unit.number)
            rest = [unit for unit in units if unit.number > after]
            shown = rest[: page.size]
            return pb.ListUnitsResponse(
                units=[_unit_to_pb(unit, aliases) for unit in shown],
                next_page_token=page.token(shown[-1].number, more=len(rest) > len(shown))
                if shown
                else "",
            )

        return self._answers.read(read)

    def PutUnit(self, request: pb.PutUnitRequest, context: grpc.ServicerContext) -> unit_pb2.Unit:
        """See admin_service.proto."""
        given = request.unit
        number = unit_from_pb("unit.name", given.name)

        def perform(act: Act) -> unit_pb2.Unit:
            authorise(act, ActName.PUT_UNIT)
            if given.kind != unit_pb2.UNIT_KIND_STATION:
                raise InvalidRequest(
                    FieldViolation("unit.kind", "is not STATION", "只能设置监管所")
                )
            parent = unit_from_pb("unit.parent", given.parent)
            return _unit_to_pb(put_station(act, number, given.title, parent), [])

        return self._answers.once(request, request.request_id, unit_pb2.Unit, perform)

    def PutStaff(
        self, request: pb.PutStaffRequest, context: grpc.ServicerContext
    ) -> unit_pb2.Staff:
        """See admin_service.proto."""

        def perform(act: Act) -> unit_pb2.Staff:
            authorise(act, ActName.PUT_STAFF)
            number, person_name, wanted = staff_from_pb(request.staff)
            disabled = request.staff.disabled
            return staff_to_pb(put_staff(act, number, person_name, wanted, disabled=disabled))

        return self._answers.once(request, request.request_id, unit_pb2.Staff, perform)

    def ListStaff(
        self, request: pb.ListStaffRequest, context: grpc.ServicerContext
    ) -> pb.ListStaffResponse:
        """See admin_service.proto."""
        page = Page(request, str)

        def read(act: Act) -> pb.ListStaffResponse:
            authorise(act, ActName.LIST_STAFF)
            after = str(page.after[0]) if page.after else ""
            found = act.tx.staff.page(after, page.size + 1)
            shown = found[: page.size]
            return pb.ListStaffResponse(
                staff=[staff_to_pb(staff) for staff in shown],
                next_page_token=page.token(shown[-1].number, more=len(found) > len(shown))
                if shown
                else "",
            )

        return self._answers.read(read)

    def CreateReviewPolicy(
        self, request: pb.CreateReviewPolicyRequest, context: grpc.ServicerContext
    ) -> policy_pb2.ReviewPolicy:
        """See admin_service.proto."""
        return self._policies.create(request)

    def ConfirmReviewPolicy(
        self, request: pb.ConfirmReviewPolicyRequest, context: grpc.ServicerContext
    ) -> policy_pb2.ReviewPolicy:
        """See admin_service.proto."""
        return self._policies.confirm(request)

    def ListReviewPolicies(
        self, request: pb.ListReviewPoliciesRequest, context: grpc.ServicerContext
    ) -> pb.ListReviewPoliciesResponse:
        """See admin_service.proto."""
        return self._policies.list(request)

    def BarPerson(
        self, request: pb.BarPersonRequest, context: grpc.ServicerContext
    ) -> policy_pb2.PersonBar:
        """See admin_service.proto."""
        return self._policies.bar(request)

    def ConfirmAct(
        self, request: pb.ConfirmActRequest, context: grpc.ServicerContext
    ) -> entity_pb2.PendingAct:
        """See admin_service.proto."""
        return self._second.confirm(request)

    def ListPendingActs(
        self, request: pb.ListPendingActsRequest, context: grpc.ServicerContext
    ) -> pb.ListPendingActsResponse:
        """See admin_service.proto."""
        return self._second.list(request)

    def ListAccess(
        self, request: access_pb2.ListAccessRequest, context: grpc.ServicerContext
    ) -> access_pb2.ListAccessResponse:
        """See admin_service.proto."""
        return self._accesses.list(request)

    def ListRecoveryItems(
        self, request: pb.ListRecoveryItemsRequest, context: grpc.ServicerContext
    ) -> pb.ListRecoveryItemsResponse:
        """See admin_service.proto."""
        return self._recovery.list(request)

    def CloseRecoveryItem(
        self, request: pb.CloseRecoveryItemRequest, context: grpc.ServicerContext
    ) -> recovery_pb2.RecoveryItem:
        """See admin_service.proto."""
        return self._recovery.close(request)

    def ImportEntities(
        self,
        request_iterator: Iterator[import_run_pb2.ImportRequest],
        context: grpc.ServicerContext,
    ) -> Iterator[import_run_pb2.ImportResponse]:
        """See admin_service.proto."""
        return self._imports.take(ImportKind.ENTITIES, request_iterator)

    def ImportPremises(
        self,
        request_iterator: Iterator[import_run_pb2.ImportRequest],
        context: grpc.ServicerContext,
    ) -> Iterator[import_run_pb2.ImportResponse]:
        """See admin_service.proto."""
        return self._imports.take(ImportKind.PREMISES, request_iterator)

    def ImportCopies(
        self,
        request_iterator: Iterator[import_run_pb2.ImportRequest],
        context: grpc.ServicerContext,
    ) -> Iterator[import_run_pb2.ImportResponse]:
        """See admin_service.proto."""
        return self._imports.take(ImportKind.COPIES, request_iterator)

    def SyncEntities(
        self,
        request_iterator: Iterator[import_run_pb2.ImportRequest],
        context: grpc.ServicerContext,
    ) -> Iterator[import_run_pb2.ImportResponse]:
        """See admin_service.proto."""
        return self._imports.take(ImportKind.SYNC, request_iterator)

    def ListSyncItems(
        self, request: pb.ListSyncItemsRequest, context: grpc.ServicerContext
    ) -> pb.ListSyncItemsResponse:
        """See admin_service.proto."""
        return self._sync.list(request)

    def DecideSyncItem(
        self, request: pb.DecideSyncItemRequest, context: grpc.ServicerContext
    ) -> import_run_pb2.SyncItem:
        """See admin_service.proto."""
        return self._sync.decide(request)

    def GetImportRun(
        self, request: pb.GetImportRunRequest, context: grpc.ServicerContext
    ) -> import_run_pb2.ImportRun:
        """See admin_service.proto."""
        return self._imports.get(request)

    def ListImportRuns(
        self, request: pb.ListImportRunsRequest, context: grpc.ServicerContext
    ) -> pb.ListImportRunsResponse:
        """See admin_service.proto."""
        return self._imports.list_runs(request)

    def ListImportRemarks(
        self, request: pb.ListImportRemarksRequest, context: grpc.ServicerContext
    ) -> pb.ListImportRemarksResponse:
        """See admin_service.proto."""
        return self._imports.list_remarks(request)

    def DismissImportRow(
        self, request: pb.DismissImportRowRequest, context: grpc.ServicerContext
    ) -> import_run_pb2.ImportRun:
        """See admin_service.proto."""
        return self._imports.dismiss(request)

    def SignOffImport(
        self, request: pb.SignOffImportRequest, context: grpc.ServicerContext
    ) -> import_run_pb2.ImportRun:
        """See admin_service.proto."""
        return self._imports.sign_off(request)

    def UndoImport(
        self, request: pb.UndoImportRequest, context: grpc.ServicerContext
    ) -> import_run_pb2.ImportRun:
        """See admin_service.proto."""
        return self._imports.undo(request)

    def ListKeys(
        self, request: key_pb2.ListKeysRequest, context: grpc.ServicerContext
    ) -> key_pb2.ListKeysResponse:
        """See admin_service.proto."""
        return self._keys.list(request)

    def CreateKey(
        self, request: key_pb2.CreateKeyRequest, context: grpc.ServicerContext
    ) -> key_pb2.KeyAct:
        """See admin_service.proto."""
        return self._keys.create(request)

    def ActivateKey(
        self, request: key_pb2.ActivateKeyRequest, context: grpc.ServicerContext
    ) -> key_pb2.KeyAct:
        """See admin_service.proto."""
        return self._keys.activate(request)

    def RetireKey(
        self, request: key_pb2.RetireKeyRequest, context: grpc.ServicerContext
    ) -> key_pb2.KeyAct:
        """See admin_service.proto."""
        return self._keys.retire(request)

    def DistrustKey(
        self, request: key_pb2.DistrustKeyRequest, context: grpc.ServicerContext
    ) -> key_pb2.KeyAct:
        """See admin_service.proto."""
        return self._keys.distrust(request)

    def AddHost(
        self, request: key_pb2.AddHostRequest, context: grpc.ServicerContext
    ) -> key_pb2.KeyAct:
        """See admin_service.proto."""
        return self._keys.add_host(request)

    def RetireHost(
        self, request: key_pb2.RetireHostRequest, context: grpc.ServicerContext
    ) -> key_pb2.KeyAct:
        """See admin_service.proto."""
        return self._keys.retire_host(request)

    def ConfirmKeyAct(
        self, request: key_pb2.ConfirmKeyActRequest, context: grpc.ServicerContext
    ) -> key_pb2.KeyAct:
        """See admin_service.proto."""
        return self._keys.confirm(request)

    def ListKeyActs(
        self, request: key_pb2.ListKeyActsRequest, context: grpc.ServicerContext
    ) -> key_pb2.ListKeyActsResponse:
        """See admin_service.proto."""
        return self._keys.list_acts(request)

    def ListKeyDocuments(
        self, request: key_pb2.ListKeyDocumentsRequest, context: grpc.ServicerContext
    ) -> key_pb2.ListKeyDocumentsResponse:
        """See admin_service.proto."""
        return self._keys.list_documents(request)

    def DraftTrustList(
        self, request: key_pb2.DraftTrustListRequest, context: grpc.ServicerContext
    ) -> key_pb2.DraftTrustListResponse:
        """See admin_service.proto."""
        return self._keys.draft(request)

    def PublishTrustList(
        self, request: key_pb2.PublishTrustListRequest, context: grpc.ServicerContext
    ) -> key_pb2.PublishTrustListResponse:
        """See admin_service.proto."""
        return self._keys.publish(request)

    def StartMassRun(
        self, request: pb.StartMassRunRequest, context: grpc.ServicerContext
    ) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._mass.start(request)

    def StartMassAct(
        self, request: pb.StartMassActRequest, context: grpc.ServicerContext
    ) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._mass.start_act(request)

    def ConfirmMassRun(
        self, request: pb.ConfirmMassRunRequest, context: grpc.ServicerContext
    ) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._mass.confirm(request)

    def GetMassRun(
        self, request: pb.GetMassRunRequest, context: grpc.ServicerContext
    ) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._mass.get(request)

    def ListMassRuns(
        self, request: pb.ListMassRunsRequest, context: grpc.ServicerContext
    ) -> pb.ListMassRunsResponse:
        """See admin_service.proto."""
        return self._mass.list_runs(request)

    def ListMassRemarks(
        self, request: pb.ListMassRemarksRequest, context: grpc.ServicerContext
    ) -> pb.ListMassRemarksResponse:
        """See admin_service.proto."""
        return self._mass.list_remarks(request)

    def PauseMassRun(
        self, request: pb.PauseMassRunRequest, context: grpc.ServicerContext
    ) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._mass.pause(request)

    def ResumeMassRun(
        self, request: pb.ResumeMassRunRequest, context: grpc.ServicerContext
    ) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._mass.resume(request)

    def CancelMassRun(
        self, request: pb.CancelMassRunRequest, context: grpc.ServicerContext
    ) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._mass.cancel(request)


def _unit_to_pb(unit: Unit, aliases: list[Alias]) -> unit_pb2.Unit:
    return unit_pb2.Unit(
        name=names.unit_name(unit.number),
        title=unit.title,
        kind=unit_pb2.UnitKind.Value(f"UNIT_KIND_{unit.kind.upper()}"),
        parent=names.unit_name(unit.parent),
        aliases=[
            unit_pb2.UnitAlias(
                source=alias.source,
                code=alias.code,
                from_date=date_to_pb(alias.from_date),
                until_date=date_to_pb(alias.until_date),
            )
            for alias in aliases
            if alias.unit == unit.number
        ],
    )
