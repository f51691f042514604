"""The methods of EntityService that are about states, codes, homes, holds and marks."""

from collections.abc import Callable
from typing import Final

from license_verify import limits
from license_verify.refusal import FieldViolation
from registry_service.domain.application import Visit
from registry_service.domain.authority import ActName
from registry_service.domain.command import AnnulEntity
from registry_service.domain.entity import ITEMS, Entity
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.reading import Reader
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.correct_code import correct_code
from registry_service.operations.dormancy import resume_entity, suspend_entity
from registry_service.operations.end_entity import deregister_entity, liquidate_entity
from registry_service.operations.mark_entity import mark_entity, unmark_entity
from registry_service.operations.move_entity import move_entity
from registry_service.operations.restrict_entity import lift_restriction, restrict_entity
from registry_service.operations.second_person import ask
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_entity import visit_from_pb
from registry_service.rpc.convert_standing import (
    held_acts_from_pb,
    mark_kind_from_pb,
    mark_to_pb,
    restriction_to_pb,
)
from registry_service.rpc.convert_values import (
    address_from_pb,
    date_from_pb,
    known_places,
    text_from_pb,
)
from registry_service.rpc.whole_entity import whole_entity
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb

_BASIS: Final = 200
_AUTHORITY: Final = 100

Answered = (
    pb.CorrectCodeRequest
    | pb.MoveEntityRequest
    | pb.SuspendEntityRequest
    | pb.ResumeEntityRequest
    | pb.LiquidateEntityRequest
    | pb.DeregisterEntityRequest
    | pb.AnnulEntityRequest
)
"""Requests whose answer is the entity."""
Asked = pb.ResumeEntityRequest | pb.LiquidateEntityRequest


class LifecycleMethods:
    """Each reads its request, does its act, and answers what stands afterwards."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def correct_code(self, request: pb.CorrectCodeRequest) -> entity_pb2.Entity:
        """CorrectCode."""
        code = names.code(request.name)

        def perform(act: Act) -> Entity:
            authorise(act, ActName.CORRECT_CODE, entity=lock_entity(act, code))
            reader = Reader()
            uscc = reader.uscc("uscc", request.uscc)
            basis = reader.text("basis", request.basis, _BASIS)
            reader.finish()
            return correct_code(act, code, uscc, basis, etag=request.etag)

        return self._entity(request, perform)

    def move(self, request: pb.MoveEntityRequest) -> entity_pb2.Entity:
        """MoveEntity."""
        code = names.code(request.name)

        def perform(act: Act) -> Entity:
            require_entitled(act, ActName.MOVE_ENTITY)
            reader = Reader()
            address = address_from_pb("address", request.address, reader)
            reader.finish()
            known_places("address", address, act.units)
            visit = visit_from_pb(request.application)
            return move_entity(act, code, address, visit, etag=request.etag)

        return self._entity(request, perform)

    def suspend(self, request: pb.SuspendEntityRequest) -> entity_pb2.Entity:
        """SuspendEntity."""
        code = names.code(request.name)

        def perform(act: Act) -> Entity:
            authorise(act, ActName.SUSPEND_ENTITY, entity=lock_entity(act, code))
            reader = Reader()
            first = date_from_pb("from_date", request.from_date, reader)
            last = date_from_pb("until_date", request.until_date, reader)
            reader.finish()
            if last is None:
                raise InvalidRequest(
                    FieldViolation("until_date", "is required", "请填写歇业截止日期")
                )
            visit = visit_from_pb(request.application)
            return suspend_entity(act, code, first, last, visit, etag=request.etag)

        return self._entity(request, perform)

    def resume(self, request: pb.ResumeEntityRequest) -> entity_pb2.Entity:
        """ResumeEntity."""
        return self._by_visit(request, ActName.RESUME_ENTITY, resume_entity)

    def liquidate(self, request: pb.LiquidateEntityRequest) -> entity_pb2.Entity:
        """LiquidateEntity."""
        return self._by_visit(request, ActName.LIQUIDATE_ENTITY, liquidate_entity)

    def _by_visit(
        self, request: Asked, name: ActName, do: Callable[..., Entity]
    ) -> entity_pb2.Entity:
        """An act that needs a visit and nothing else."""
        code = names.code(request.name)

        def perform(act: Act) -> Entity:
            authorise(act, name, entity=lock_entity(act, code))
            return do(act, code, visit_from_pb(request.application), etag=request.etag)

        return self._entity(request, perform)

    def deregister(self, request: pb.DeregisterEntityRequest) -> entity_pb2.Entity:
        """DeregisterEntity."""
        code = names.code(request.name)

        def perform(act: Act) -> Entity:
            authorise(act, ActName.DEREGISTER_ENTITY, entity=lock_entity(act, code))
            expected = _expected(request.expected_business_name)
            visit: Visit = visit_from_pb(request.application)
            return deregister_entity(
                act, code, expected, visit, simple=request.simple, etag=request.etag
            )

        return self._entity(request, perform)

    def annul(self, request: pb.AnnulEntityRequest) -> entity_pb2.Entity:
        """AnnulEntity: kept until a second person confirms it."""
        code = names.code(request.name)

        def perform(act: Act) -> Entity:
            authorise(act, ActName.ANNUL_ENTITY, entity=lock_entity(act, code))
            expected = _expected(request.expected_business_name)
            basis = text_from_pb("basis", request.basis, _BASIS)
            items = tuple(dict.fromkeys(request.items.paths))
            unknown = [item for item in items if item not in ITEMS]
            if unknown:
                raise InvalidRequest(
                    FieldViolation(
                        "items", f"{unknown[0]} is no item of a face", f"没有登记事项 {unknown[0]}"
                    )
                )
            command = AnnulEntity(request.version, items, basis)
            return ask(act, code, expected, command, etag=request.etag)

        return self._entity(request, perform)

    def restrict(self, request: pb.RestrictEntityRequest) -> entity_pb2.Restriction:
        """RestrictEntity."""
        code = names.code(request.parent, "parent")

        def perform(act: Act) -> entity_pb2.Restriction:
            entity = lock_entity(act, code)
            authorise(act, ActName.RESTRICT_ENTITY, entity=entity)
            told, reader = request.restriction, Reader()
            authority = reader.text("restriction.authority", told.authority, _AUTHORITY)
            basis = reader.text("restriction.basis", told.basis, _BASIS)
            held = held_acts_from_pb("restriction.held_acts", list(told.held_acts), reader)
            first = date_from_pb("restriction.from_date", told.from_date, reader)
            last = date_from_pb("restriction.until_date", told.until_date, reader)
            reader.finish()
            hold = restrict_entity(act, code, authority, basis, held, first, last)
            return restriction_to_pb(hold, entity.uscc)

        kind = entity_pb2.Restriction
        return self._answers.once(request, request.request_id, kind, perform)

    def lift(self, request: pb.LiftRestrictionRequest) -> entity_pb2.Restriction:
        """LiftRestriction."""
        code, number = names.split(request.name, "entities/*/restrictions/*")

        def perform(act: Act) -> entity_pb2.Restriction:
            entity = lock_entity(act, code)
            authorise(act, ActName.LIFT_RESTRICTION, entity=entity)
            basis = text_from_pb("basis", request.basis, _BASIS)
            return restriction_to_pb(lift_restriction(act, code, int(number), basis), entity.uscc)

        kind = entity_pb2.Restriction
        return self._answers.once(request, request.request_id, kind, perform)

    def mark(self, request: pb.MarkEntityRequest) -> entity_pb2.Mark:
        """MarkEntity."""
        code = names.code(request.parent, "parent")

        def perform(act: Act) -> entity_pb2.Mark:
            entity = lock_entity(act, code)
            authorise(act, ActName.MARK_ENTITY, entity=entity)
            reader = Reader()
            kind = mark_kind_from_pb("mark.kind", request.mark.kind, reader)
            basis = reader.text("mark.basis", request.mark.basis, _BASIS)
            first = date_from_pb("mark.from_date", request.mark.from_date, reader)
            reader.finish()
            return mark_to_pb(mark_entity(act, code, kind, basis, first), entity.uscc)

        return self._answers.once(request, request.request_id, entity_pb2.Mark, perform)

    def unmark(self, request: pb.UnmarkEntityRequest) -> entity_pb2.Mark:
        """UnmarkEntity."""
        code, number = names.split(request.name, "entities/*/marks/*")

        def perform(act: Act) -> entity_pb2.Mark:
            entity = lock_entity(act, code)
            authorise(act, ActName.UNMARK_ENTITY, entity=entity)
            basis = text_from_pb("basis", request.basis, _BASIS)
            return mark_to_pb(unmark_entity(act, code, int(number), basis), entity.uscc)

        return self._answers.once(request, request.request_id, entity_pb2.Mark, perform)

    def _entity(self, request: Answered, do: Callable[[Act], Entity]) -> entity_pb2.Entity:
        """Do an act once, answer the entity, and sign what it left to be signed."""

        def perform(act: Act) -> tuple[int, entity_pb2.Entity]:
            entity = do(act)
            return entity.number, whole_entity(act, entity)

        return self._answers.signed(request, request.request_id, entity_pb2.Entity, perform)


def _expected(name: str) -> str:
    return text_from_pb("expected_business_name", name, limits.NAME_CHARACTERS)
