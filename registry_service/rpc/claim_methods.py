"""The methods of PremisesService about places that came from another register."""

from collections.abc import Callable, Sequence

from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.premises import Premises
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.claim_premises import claim_premises
from registry_service.operations.look import keep_shown
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_premises import premises_to_pb
from registry_service.rpc.convert_values import known_unit, purpose_from_pb
from yizhao.registry.v1 import premises_pb2
from yizhao.registry.v1 import premises_service_pb2 as pb

Told = Callable[[Act, Entity, Sequence[Premises]], list[premises_pb2.Premises]]


class ClaimMethods:
    """ListUnclaimedPremises, ClaimPremises."""

    def __init__(self, answers: Answers, told: Told) -> None:
        """`told` puts a place on the wire as every method does."""
        self._answers = answers
        self._told = told

    def list_unclaimed(
        self, request: pb.ListUnclaimedPremisesRequest
    ) -> pb.ListUnclaimedPremisesResponse:
        """ListUnclaimedPremises."""
        page = Page(request, int, int)
        unit, purpose = names.unit_number(request.unit, "unit"), purpose_from_pb(request)

        def read(act: Act) -> pb.ListUnclaimedPremisesResponse:
            require_entitled(act, ActName.LIST_UNCLAIMED_PREMISES)
            known_unit("unit", unit, act.units)
            authorise(act, ActName.LIST_UNCLAIMED_PREMISES, unit=unit)
            units = act.units.below(unit)
            entity_no, premises_no = (int(part) for part in page.after or (0, 0))
            found = act.tx.unclaimed.page(units, (entity_no, premises_no), page.size + 1)
            shown = found[: page.size]
            answer = pb.ListUnclaimedPremisesResponse(total_count=act.tx.unclaimed.count(units))
            keep_shown(act, "ListUnclaimedPremises", [one.entity_no for one in shown], purpose)
            for one in shown:
                place = act.tx.premises.find(one.entity_no, one.premises_no)
                told = premises_to_pb(place, one.uscc)
                told.business_name = one.business_name
                answer.premises.append(told)
            if len(found) > page.size:
                last = shown[-1]
                answer.next_page_token = page.token(last.entity_no, last.premises_no, more=True)
            return answer

        return self._answers.read(read)

    def claim(self, request: pb.ClaimPremisesRequest) -> premises_pb2.Premises:
        """ClaimPremises."""
        code, number = names.split(request.name, "entities/*/premises/*")

        def perform(act: Act) -> premises_pb2.Premises:
            entity, place = claim_premises(act, code, int(number), etag=request.etag)
            return self._told(act, entity, [place])[0]

        return self._answers.once(request, request.request_id, premises_pb2.Premises, perform)
