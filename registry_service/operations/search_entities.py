"""检索: entities by what an official knows of them, and why each was found."""

from dataclasses import dataclass, replace

from license_verify.refusal import FieldViolation
from registry_service.domain.entity import Entity
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.search_query import (
    Criteria,
    Fact,
    Match,
    SearchQuery,
    as_number,
    looks_like_number,
    require_code,
    text_matches,
    wanted_texts,
)
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act


@dataclass(frozen=True, slots=True)
class Found:
    """An entity that fits every criterion."""

    whole: Whole
    matches: tuple[Match, ...]
    """Why; empty where only unit or state were asked for."""
    sort_key: str
    """Its place in the order of all answers."""


@dataclass(frozen=True, slots=True)
class _Lead:
    """A whole number that leads to an entity."""

    entity_no: int
    match: Match


def search_entities(act: Act, criteria: Criteria, after: str, limit: int) -> list[Found]:
    """Entities that fit every criterion, in an order that is always the same.

    Args:
        act: who and when.
        criteria: what they gave.
        after: sort key; those behind it. Empty on the first page.
        limit: at most so many.

    Raises:
        InvalidRequest: nothing was asked for, or a criterion can't be.
    """
    if criteria.nothing:
        zh = "请至少填写一项检索条件"
        raise InvalidRequest(FieldViolation("text", "give at least one criterion", zh))
    groups = _leads(act, criteria)
    if typed := _of_number(act, criteria.text):
        groups.append(typed)
        criteria = replace(criteria, text="")
    texts = wanted_texts(criteria)
    query = SearchQuery(texts, criteria.registrars, criteria.states, _common(groups))
    hits = act.tx.entity_search.find(query, after, limit)

    numbers = [hit.entity_no for hit in hits]
    wholes = act.tx.wholes.of_numbers(numbers, act.today, act.now)
    former = act.tx.entities.former_names(numbers) if texts else {}
    found = []
    for hit in hits:
        whole = wholes[hit.entity_no]
        entity = whole.entity
        told = [
            _told(lead.match, entity)
            for group in groups
            for lead in group
            if lead.entity_no == entity.number
        ]
        told += text_matches(texts, entity.face, former.get(entity.number, ()))
        found.append(Found(whole, tuple(dict.fromkeys(told)), hit.sort_key))
    return found


def _leads(act: Act, criteria: Criteria) -> list[list[_Lead]]:
    """Where the code and the licence number lead, a group each."""
    groups = []
    if criteria.code:
        code = as_number(criteria.code)
        require_code(code)
        groups.append(_of_code(act, code))
    if criteria.license_number:
        groups.append(_of_license(act, as_number(criteria.license_number)))
    return groups


def _of_number(act: Act, text: str) -> list[_Lead]:
    """Where a text leads that is a code or a licence number; nowhere if it is neither."""
    number = as_number(text)
    if not looks_like_number(number):
        return []
    return _of_code(act, number) + _of_license(act, number)


def _of_code(act: Act, code: str) -> list[_Lead]:
    owners = act.tx.entities.taken([code])
    return [_Lead(number, Match(Fact.CODE, code)) for number in owners.values()]


def _of_license(act: Act, number: str) -> list[_Lead]:
    owners = act.tx.entity_search.of_license_number(number)
    return [_Lead(owner, Match(Fact.LICENSE_NUMBER, number)) for owner in owners]


def _common(groups: list[list[_Lead]]) -> tuple[int, ...] | None:
    """Entities that every group leads to; None if there is no group."""
    if not groups:
        return None
    return tuple(set.intersection(*({lead.entity_no for lead in group} for group in groups)))


def _told(match: Match, entity: Entity) -> Match:
    if match.fact is Fact.CODE and match.value != entity.uscc:
        return replace(match, fact=Fact.FORMER_CODE)
    return match
