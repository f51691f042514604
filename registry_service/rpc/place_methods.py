"""The methods of PremisesService that are about one filed place and its flags."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from license_verify import limits
from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.command import ReinstatePremises, StrikePremises
from registry_service.domain.entity import Entity
from registry_service.domain.premises import Premises
from registry_service.domain.reading import Reader
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.flag_premises import answer_flag, flag_premises
from registry_service.operations.look import Sight, keep_shown
from registry_service.operations.second_person import ask
from registry_service.operations.strike_premises import require_premises_etag
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_handover import flag_to_pb
from registry_service.rpc.convert_pending import pending_acts_to_pb
from registry_service.rpc.convert_premises import premises_to_pb
from registry_service.rpc.convert_values import known_unit, purpose_from_pb
from registry_service.rpc.queue_pages import counts_to_pb
from yizhao.registry.v1 import premises_pb2
from yizhao.registry.v1 import premises_service_pb2 as pb

_BASIS: Final = 200
_PLACE: Final = "entities/*/premises/*"
_FLAG: Final = "entities/*/premises/*/flags/*"


Asked = pb.StrikePremisesRequest | pb.ReinstatePremisesRequest


class PlaceMethods:
    """Reading, striking, reinstating and flagging places."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def get(self, request: pb.GetPremisesRequest) -> premises_pb2.Premises:
        """GetPremises."""
        code, number = names.split(request.name, _PLACE)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> premises_pb2.Premises:
            entity = looked.entity
            place = act.tx.premises.find(entity.number, int(number))
            return told(act, entity, [place])[0]

        return self._answers.look(Sight.of(ActName.GET_PREMISES, code, purpose), read)

    def list_places(self, request: pb.ListPremisesRequest) -> pb.ListPremisesResponse:
        """ListPremises."""
        code, page = names.code(request.parent, "parent"), Page(request, int)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> pb.ListPremisesResponse:
            entity = looked.entity
            after = int(page.after[0]) if page.after else 0
            found = act.tx.premises.page(entity.number, after, page.size + 1)
            shown = found[: page.size]
            return pb.ListPremisesResponse(
                premises=told(act, entity, shown),
                next_page_token=page.token(shown[-1].number, more=True)
                if len(found) > page.size
                else "",
            )

        return self._answers.look(Sight.of(ActName.LIST_PREMISES, code, purpose), read)

    def strike(self, request: pb.StrikePremisesRequest) -> premises_pb2.Premises:
        """StrikePremises: kept until a second person confirms it."""
        return self._asked(request, StrikePremises)

    def reinstate(self, request: pb.ReinstatePremisesRequest) -> premises_pb2.Premises:
        """ReinstatePremises: kept until a second person confirms it."""
        return self._asked(request, ReinstatePremises)

    def _asked(
        self, request: Asked, kind: type[StrikePremises] | type[ReinstatePremises]
    ) -> premises_pb2.Premises:
        code, number = names.split(request.name, _PLACE)

        def perform(act: Act) -> premises_pb2.Premises:
            entity = lock_entity(act, code)
            authorise(act, kind.act, entity=entity)
            place = act.tx.premises.find(entity.number, int(number))
            require_premises_etag(place, request.etag)
            reader = Reader()
            name = reader.text(
                "expected_business_name", request.expected_business_name, limits.NAME_CHARACTERS
            )
            basis = reader.text("basis", request.basis, _BASIS)
            reader.finish()
            entity = ask(act, code, name, kind(place.number, basis))
            return told(act, entity, [place])[0]

        return self._answers.once(request, request.request_id, premises_pb2.Premises, perform)

    def flag(self, request: pb.FlagPremisesRequest) -> premises_pb2.Premises:
        """FlagPremises."""
        code, number = names.split(request.name, _PLACE)

        def perform(act: Act) -> premises_pb2.Premises:
            entity, place = flag_premises(act, code, int(number), request.finding)
            return told(act, entity, [place])[0]

        return self._answers.once(request, request.request_id, premises_pb2.Premises, perform)

    def answer(self, request: pb.AnswerFlagRequest) -> premises_pb2.Premises:
        """AnswerFlag."""
        code, number, flag = names.split(request.name, _FLAG)

        def perform(act: Act) -> premises_pb2.Premises:
            entity, place = answer_flag(act, code, int(number), int(flag), request.answer)
            return told(act, entity, [place])[0]

        return self._answers.once(request, request.request_id, premises_pb2.Premises, perform)

    def list_flags(self, request: pb.ListFlagsRequest) -> pb.ListFlagsResponse:
        """ListFlags."""
        page = Page(request, int, int, int, int)
        unit, purpose = names.unit_number(request.unit, "unit"), purpose_from_pb(request)

        def read(act: Act) -> pb.ListFlagsResponse:
            require_entitled(act, ActName.LIST_FLAGS)
            known_unit("unit", unit, act.units)
            authorise(act, ActName.LIST_FLAGS, unit=unit)
            units, open_only = act.units.below(unit), request.open_only
            day, *rest = (int(part) for part in page.after or (1, 0, 0, 0))
            after = (date.fromordinal(min(day, date.max.toordinal())), rest[0], rest[1], rest[2])
            found = act.tx.flags.of_home(units, after, page.size + 1, open_only=open_only)
            shown = found[: page.size]
            keep_shown(act, "ListFlags", [flag.entity_no for flag in shown], purpose)
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


def told(act: Act, entity: Entity, places: Sequence[Premises]) -> list[premises_pb2.Premises]:
    """Places with flags and waiting acts: for officials alone, who alone call these methods."""
    flags = act.tx.flags.of(entity.number, [place.number for place in places])
    waiting = act.tx.pending_acts.waiting(entity.number, act.now)
    answers = []
    for place in places:
        answer = premises_to_pb(place, entity.uscc)
        answer.flags.extend(flag_to_pb(flag) for flag in flags if flag.premises_no == place.number)
        subject = f"premises/{place.number}"
        answer.pending_acts.extend(pending_acts_to_pb(waiting, act.now, subject))
        answers.append(answer)
    return answers
