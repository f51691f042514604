"""EntityService."""

from typing import Any, Final

import grpc

from license_verify import limits
from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.command import ReinstateEntity, RevokeEntity
from registry_service.domain.reading import Reader
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.change_entity import (
    change_entity,
    correct_entity,
    require_corrector,
)
from registry_service.operations.look import Sight, keep_shown
from registry_service.operations.look_back import look_back
from registry_service.operations.register_entity import register_entity
from registry_service.operations.second_person import ask
from registry_service.rpc import convert_entity as convert
from registry_service.rpc import convert_history, names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import (
    date_from_pb,
    known_places,
    known_unit,
    purpose_from_pb,
    text_from_pb,
    unit_from_pb,
)
from registry_service.rpc.lifecycle_methods import LifecycleMethods
from registry_service.rpc.search_methods import SearchMethods
from registry_service.rpc.whole_entity import whole_entity, whole_to_pb
from yizhao.registry.v1 import entity_pb2, entity_service_pb2_grpc
from yizhao.registry.v1 import entity_service_pb2 as pb

_BASIS: Final = 200


class EntityServicer(entity_service_pb2_grpc.EntityServiceServicer):
    """Businesses: their registration, their changes, their end."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lifecycle = LifecycleMethods(answers)
        self._search = SearchMethods(answers)

    def GetEntity(
        self, request: pb.GetEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        code, purpose = names.code(request.name), purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> entity_pb2.Entity:
            if not request.HasField("as_of"):
                return whole_to_pb(looked, act.now, code)
            past = look_back(act, looked.entity, *convert_history.point_from_pb(request.as_of))
            return convert_history.past_to_pb(looked.entity, past, code)

        return self._answers.look(Sight.of(ActName.GET_ENTITY, code, purpose), read)

    def ListEntities(
        self, request: pb.ListEntitiesRequest, context: grpc.ServicerContext
    ) -> pb.ListEntitiesResponse:
        """See entity_service.proto."""
        page, purpose = Page(request, str), purpose_from_pb(request)
        unclear = request.registrar == "units/-"
        unit = None if unclear else unit_from_pb("registrar", request.registrar)

        def read(act: Act) -> pb.ListEntitiesResponse:
            authorise(act, ActName.LIST_ENTITIES)
            known_unit("registrar", unit, act.units)
            units = act.units.below(unit) if unit is not None else None
            after = str(page.after[0]) if page.after else ""
            found = act.tx.wholes.page(
                units, after, page.size + 1, act.today, act.now, unclear=unclear
            )
            shown = found[: page.size]
            numbers = [whole.entity.number for whole in shown]
            keep_shown(act, "ListEntities", numbers, purpose)
            return pb.ListEntitiesResponse(
                entities=[whole_to_pb(whole, act.now) for whole in shown],
                next_page_token=page.token(shown[-1].entity.uscc, more=True)
                if len(found) > page.size
                else "",
            )

        return self._answers.read(read)

    def SearchEntities(
        self, request: pb.SearchEntitiesRequest, context: grpc.ServicerContext
    ) -> pb.SearchEntitiesResponse:
        """See entity_service.proto."""
        return self._search.search(request)

    def ListEntityVersions(
        self, request: pb.ListEntityVersionsRequest, context: grpc.ServicerContext
    ) -> pb.ListEntityVersionsResponse:
        """See entity_service.proto."""
        code, page = names.code(request.parent, "parent"), Page(request, int)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> pb.ListEntityVersionsResponse:
            entity = looked.entity
            before = int(page.after[0]) if page.after else 2**31 - 1
            every = act.tx.entities.versions(entity.number)
            found = [version for version in every if version.version < before][: page.size]
            return pb.ListEntityVersionsResponse(
                versions=[
                    convert_history.compared_to_pb(version, every, act.units) for version in found
                ],
                next_page_token=page.token(found[-1].version, more=found[-1].version > 1)
                if found
                else "",
            )

        return self._answers.look(Sight.of(ActName.LIST_ENTITY_VERSIONS, code, purpose), read)

    def ListEntityEvents(
        self, request: pb.ListEntityEventsRequest, context: grpc.ServicerContext
    ) -> pb.ListEntityEventsResponse:
        """See entity_service.proto."""
        code, page = names.code(request.parent, "parent"), Page(request, int)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> pb.ListEntityEventsResponse:
            entity = looked.entity
            before = int(page.after[0]) if page.after else 2**62
            found = act.tx.events.page(entity.number, before, page.size)
            return pb.ListEntityEventsResponse(
                events=[convert.event_to_pb(event, entity.uscc) for event in found],
                next_page_token=page.token(found[-1].revision, more=found[-1].revision > 1)
                if found
                else "",
            )

        return self._answers.look(Sight.of(ActName.LIST_ENTITY_EVENTS, code, purpose), read)

    def RegisterEntity(
        self, request: pb.RegisterEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""

        def perform(act: Act) -> entity_pb2.Entity:
            require_entitled(act, ActName.REGISTER_ENTITY)  # authorise before validating
            reader = Reader()
            uscc = reader.uscc("uscc", request.uscc)
            reader.finish()
            face = convert.face_from_pb(request.face)
            known_places("face.address", face.address, act.units)
            visit = convert.visit_from_pb(request.application)
            return whole_entity(act, register_entity(act, uscc, face, visit))

        return self._answers.once(request, request.request_id, entity_pb2.Entity, perform)

    def ChangeEntity(
        self, request: pb.ChangeEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        code = names.code(request.name)

        def perform(act: Act) -> tuple[int, entity_pb2.Entity]:
            authorise(act, ActName.CHANGE_ENTITY, entity=lock_entity(act, code))
            reader = Reader()
            day = date_from_pb("effective_date", request.effective_date, reader)
            reader.finish()
            entity = change_entity(
                act,
                code,
                _changes(act, request),
                convert.visit_from_pb(request.application),
                effective_date=day,
                etag=request.etag,
            )
            return entity.number, whole_entity(act, entity)

        return self._answers.signed(request, request.request_id, entity_pb2.Entity, perform)

    def CorrectEntity(
        self, request: pb.CorrectEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        code = names.code(request.name)
        registrar = unit_from_pb("registrar", request.registrar)

        def perform(act: Act) -> tuple[int, entity_pb2.Entity]:
            require_corrector(act, lock_entity(act, code), registrar)
            known_unit("registrar", registrar, act.units)
            entity = correct_entity(
                act,
                code,
                _changes(act, request),
                text_from_pb("basis", request.basis, _BASIS),
                corrects_version=request.corrects_version,
                registrar=registrar,
                etag=request.etag,
            )
            return entity.number, whole_entity(act, entity)

        return self._answers.signed(request, request.request_id, entity_pb2.Entity, perform)

    def RevokeEntity(
        self, request: pb.RevokeEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        code = names.code(request.name)

        def perform(act: Act) -> entity_pb2.Entity:
            authorise(act, ActName.REVOKE_ENTITY, entity=lock_entity(act, code))
            name, basis = _expected_and_basis(request)
            command = RevokeEntity(basis)
            return whole_entity(act, ask(act, code, name, command, etag=request.etag))

        return self._answers.once(request, request.request_id, entity_pb2.Entity, perform)

    def ReinstateEntity(
        self, request: pb.ReinstateEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        code = names.code(request.name)

        def perform(act: Act) -> entity_pb2.Entity:
            authorise(act, ActName.REINSTATE_ENTITY, entity=lock_entity(act, code))
            name, basis = _expected_and_basis(request)
            command = ReinstateEntity(basis)
            return whole_entity(act, ask(act, code, name, command, etag=request.etag))

        return self._answers.once(request, request.request_id, entity_pb2.Entity, perform)

    def CorrectCode(
        self, request: pb.CorrectCodeRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        return self._lifecycle.correct_code(request)

    def MoveEntity(
        self, request: pb.MoveEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        return self._lifecycle.move(request)

    def SuspendEntity(
        self, request: pb.SuspendEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        return self._lifecycle.suspend(request)

    def ResumeEntity(
        self, request: pb.ResumeEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        return self._lifecycle.resume(request)

    def LiquidateEntity(
        self, request: pb.LiquidateEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        return self._lifecycle.liquidate(request)

    def DeregisterEntity(
        self, request: pb.DeregisterEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        return self._lifecycle.deregister(request)

    def AnnulEntity(
        self, request: pb.AnnulEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Entity:
        """See entity_service.proto."""
        return self._lifecycle.annul(request)

    def RestrictEntity(
        self, request: pb.RestrictEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Restriction:
        """See entity_service.proto."""
        return self._lifecycle.restrict(request)

    def LiftRestriction(
        self, request: pb.LiftRestrictionRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Restriction:
        """See entity_service.proto."""
        return self._lifecycle.lift(request)

    def MarkEntity(
        self, request: pb.MarkEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Mark:
        """See entity_service.proto."""
        return self._lifecycle.mark(request)

    def UnmarkEntity(
        self, request: pb.UnmarkEntityRequest, context: grpc.ServicerContext
    ) -> entity_pb2.Mark:
        """See entity_service.proto."""
        return self._lifecycle.unmark(request)


def _changes(act: Act, request: pb.ChangeEntityRequest | pb.CorrectEntityRequest) -> dict[str, Any]:
    """Item → new value; a new address lies in units that exist."""
    changes = convert.changes_from_pb(request.face, request.update_mask)
    if "address" in changes:
        known_places("face.address", changes["address"], act.units)
    return changes


def _expected_and_basis(
    request: pb.RevokeEntityRequest | pb.ReinstateEntityRequest,
) -> tuple[str, str]:
    name = request.expected_business_name
    return (
        text_from_pb("expected_business_name", name, limits.NAME_CHARACTERS),
        text_from_pb("basis", request.basis, _BASIS),
    )
