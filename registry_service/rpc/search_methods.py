"""EntityService's search."""

from typing import Final

from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.search_query import Fact
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.look import keep_shown
from registry_service.operations.search_entities import Found, search_entities
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_search import (
    begins_behind,
    criteria_from_pb,
    match_to_pb,
    units_meant,
)
from registry_service.rpc.convert_values import known_unit, purpose_from_pb, unit_from_pb
from registry_service.rpc.whole_entity import whole_to_pb
from yizhao.registry.v1 import entity_service_pb2 as pb

_PAGE: Final = 20
"""A screen: every entity shown is a read that is recorded."""
_UNCLEAR: Final = "units/-"


class SearchMethods:
    """Finds entities by what an official knows of them."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def search(self, request: pb.SearchEntitiesRequest) -> pb.SearchEntitiesResponse:
        """SearchEntities."""
        page = Page(request, str, default=_PAGE)
        after = begins_behind(page)
        unclear = request.registrar == _UNCLEAR
        unit = None if unclear else unit_from_pb("registrar", request.registrar)
        purpose = purpose_from_pb(request)

        def read(act: Act) -> pb.SearchEntitiesResponse:
            authorise(act, ActName.SEARCH_ENTITIES)
            known_unit("registrar", unit, act.units)
            units = (0,) if unclear else units_meant(unit, act.units)
            found = search_entities(act, criteria_from_pb(request, units), after, page.size + 1)
            shown = found[: page.size]
            numbers = [each.whole.entity.number for each in shown]
            keep_shown(act, ActName.SEARCH_ENTITIES.method, numbers, purpose)
            return pb.SearchEntitiesResponse(
                results=_results(act, shown),
                next_page_token=page.token(shown[-1].sort_key, more=True)
                if len(found) > page.size
                else "",
            )

        return self._answers.read(read)


def _results(act: Act, shown: list[Found]) -> list[pb.SearchResult]:
    results = []
    for each in shown:
        whole = whole_to_pb(each.whole, act.now)
        whole.found_by_former_code = any(m.fact is Fact.FORMER_CODE for m in each.matches)
        results.append(pb.SearchResult(entity=whole, matches=map(match_to_pb, each.matches)))
    return results
