"""Criteria and results of a search between wire and domain."""

import re
from typing import Final

from license_verify import limits
from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page
from registry_service.domain.entity import EntityState
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.reading import Reader
from registry_service.domain.search_query import Criteria, Fact, Match
from registry_service.domain.unit import UnitTree
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb

_CODE_CHARACTERS: Final = 64
_NUMBER_CHARACTERS: Final = 128
_SORT_KEY: Final = re.compile(r"[0-9a-f]{3}[0-9A-Z]{18}", re.ASCII)
_STATES: Final = {
    entity_pb2.EntityState.Value(f"ENTITY_STATE_{state.name}"): state for state in EntityState
}
_FIELDS: Final = {fact: pb.SearchedField.Value(f"SEARCHED_FIELD_{fact.name}") for fact in Fact}


def criteria_from_pb(request: pb.SearchEntitiesRequest, registrars: tuple[int, ...]) -> Criteria:
    """What was given; `registrars` are the units that `registrar` means.

    Raises:
        InvalidRequest: a text is too long or unfit, or a state is none.
    """
    reader = Reader()
    if request.name_match not in pb.NameMatch.values():
        reader.fault("name_match", "is unknown", "名称匹配方式有误")
    criteria = Criteria(
        text=reader.text("text", request.text, limits.ADDRESS_CHARACTERS),
        code=reader.text("code", request.code, _CODE_CHARACTERS),
        license_number=reader.text("license_number", request.license_number, _NUMBER_CHARACTERS),
        business_name=reader.text("business_name", request.business_name, limits.NAME_CHARACTERS),
        whole_name=request.name_match == pb.NAME_MATCH_EXACT,
        person=reader.text("person", request.person, limits.PERSON_CHARACTERS),
        address=reader.text("address", request.address, limits.ADDRESS_CHARACTERS),
        registrars=registrars,
        states=_states(request, reader),
    )
    reader.finish()
    return criteria


def _states(request: pb.SearchEntitiesRequest, reader: Reader) -> tuple[EntityState, ...]:
    if not all(state in _STATES for state in request.states):
        reader.fault("states", "one of them is unknown", "主体状态有误")
    return tuple(dict.fromkeys(_STATES[each] for each in request.states if each in _STATES))


def units_meant(unit: int | None, units: UnitTree) -> tuple[int, ...]:
    """The unit with those below it that register; the unit itself if none does, none for any."""
    if unit is None:
        return ()
    registering = (each for each in units.below(unit) if units.administering(each) == each)
    return tuple(registering) or (unit,)


def begins_behind(page: Page) -> str:
    """The sort key behind which a page begins; empty on the first.

    Raises:
        InvalidRequest: the token holds something else.
    """
    after = str(page.after[0]) if page.after else ""
    if after and not _SORT_KEY.fullmatch(after):
        raise InvalidRequest(
            FieldViolation("page_token", "is not of this query", "翻页标记与查询条件不符")
        )
    return after


def match_to_pb(match: Match) -> pb.SearchMatch:
    """Why an entity was found."""
    return pb.SearchMatch(field=_FIELDS[match.fact], value=match.value)
