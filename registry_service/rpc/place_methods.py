"""The methods of PremisesService that are about one filed place and its flags."""

from collections.abc import Callable
from datetime import date
from typing import Final

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.premises import Premises
from registry_service.domain.staff import Actor
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, record_access, require_entitled
from registry_service.operations.flag_premises import answer_flag, flag_premises
from registry_service.operations.strike_premises import reinstate_premises, strike_premises
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_handover import counts_to_pb, flag_to_pb
from registry_service.rpc.convert_premises import premises_to_pb
from registry_service.rpc.convert_values import known_unit, text_from_pb
from registry_service.rpc.paging import Page
from yizhao.registry.v1 import premises_pb2
from yizhao.registry.v1 import premises_service_pb2 as pb

_BASIS: Final = 200
_PLACE: Final = "entities/*/premises/*"
_FLAG: Final = "entities/*/premises/*/flags/*"


class PlaceMethods:
    """Reading, striking, reinstating and flagging places."""

    def __init__(self, answers: Answers, sign_waiting: Callable[[int, Actor], None]) -> None:
        """`sign_waiting` signs what an act on that entity left to be signed; it never raises."""
        self._answers = answers
        self._sign_waiting = sign_waiting

    def get(self, request: pb.GetPremisesRequest) -> premises_pb2.Premises:
        """GetPremises."""
        code, number = names.split(request.name, _PLACE)

        def read(act: Act) -> premises_pb2.Premises:
            authorise(act, ActName.GET_PREMISES)
            entity = act.tx.entities.find(code)
            record_access(act, entity.number, "GetPremises", "")
            return _told(act, entity, act.tx.premises.find(entity.number, int(number)))

        return self._answers.read(read)

    def strike(self, request: pb.StrikePremisesRequest) -> premises_pb2.Premises:
        """StrikePremises."""
        code, number = names.split(request.name, _PLACE)

        def perform(act: Act) -> premises_pb2.Premises:
            authorise(act, ActName.STRIKE_PREMISES, entity=lock_entity(act, code))
            name, basis = request.expected_business_name, _basis(request.basis)
            struck = strike_premises(act, code, int(number), name, basis, etag=request.etag)
            return _told(act, *struck)

        return self._answers.once(request, request.request_id, premises_pb2.Premises, perform)

    def reinstate(self, request: pb.ReinstatePremisesRequest) -> premises_pb2.Premises:
        """ReinstatePremises."""
        code, number = names.split(request.name, _PLACE)
        done: list[tuple[int, Actor]] = []  # stays empty for a repeated request

        def perform(act: Act) -> premises_pb2.Premises:
            authorise(act, ActName.REINSTATE_PREMISES, entity=lock_entity(act, code))
            name, basis = request.expected_business_name, _basis(request.basis)
            entity, place = reinstate_premises(
                act, code, int(number), name, basis, etag=request.etag
            )
            done.append((entity.number, act.actor))
            return _told(act, entity, place)

        kind = premises_pb2.Premises
        answer = self._answers.once(request, request.request_id, kind, perform)
        for entity_no, actor in done:
            self._sign_waiting(entity_no, actor)
        return answer

    def flag(self, request: pb.FlagPremisesRequest) -> premises_pb2.Premises:
        """FlagPremises."""
        code, number = names.split(request.name, _PLACE)

        def perform(act: Act) -> premises_pb2.Premises:
            return _told(act, *flag_premises(act, code, int(number), request.finding))

        return self._answers.once(request, request.request_id, premises_pb2.Premises, perform)

    def answer(self, request: pb.AnswerFlagRequest) -> premises_pb2.Premises:
        """AnswerFlag."""
        code, number, flag = names.split(request.name, _FLAG)

        def perform(act: Act) -> premises_pb2.Premises:
            answered = answer_flag(act, code, int(number), int(flag), request.answer)
            return _told(act, *answered)

        return self._answers.once(request, request.request_id, premises_pb2.Premises, perform)

    def list_flags(self, request: pb.ListFlagsRequest) -> pb.ListFlagsResponse:
        """ListFlags."""
        page = Page(request, int, int, int, int)
        unit = names.unit_number(request.unit, "unit")

        def read(act: Act) -> pb.ListFlagsResponse:
            require_entitled(act, ActName.LIST_FLAGS)
            known_unit("unit", unit, act.units)
            authorise(act, ActName.LIST_FLAGS, unit=unit)
            units, open_only = act.units.below(unit), request.open_only
            day, *rest = (int(part) for part in page.after or (1, 0, 0, 0))
            after = (date.fromordinal(min(day, date.max.toordinal())), rest[0], rest[1], rest[2])
            found = act.tx.flags.of_home(units, after, page.size + 1, open_only=open_only)
            shown = found[: page.size]
            for flag in shown:
                record_access(act, flag.entity_no, "ListFlags", "")
            last = shown[-1] if shown else None
            return pb.ListFlagsResponse(
                flags=[flag_to_pb(flag) for flag in shown],
                next_page_token=page.token(
                    last.due_date.toordinal(),
                    last.entity_no,
                    last.premises_no,
                    last.number,
                    more=True,
                )
                if last and len(found) > page.size
                else "",
                counts=counts_to_pb(act.tx.flags.count(units, act.today, open_only=open_only)),
            )

        return self._answers.read(read)


def _basis(basis: str) -> str:
    return text_from_pb("basis", basis, _BASIS)


def _told(act: Act, entity: Entity, place: Premises) -> premises_pb2.Premises:
    """A place with its flags: for officials alone, who alone call these methods."""
    answer = premises_to_pb(place, entity.uscc)
    flags = act.tx.flags.of(entity.number, place.number)
    answer.flags.extend(flag_to_pb(flag) for flag in flags)
    return answer
