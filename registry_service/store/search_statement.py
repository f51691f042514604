"""The statement that searches one block of the register, composed for the criteria at hand.

Each way in which an entity can fit becomes one array of terms, which the index alone answers, and
checks of what terms only promise. So there is one good plan, whatever is looked for.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from psycopg import sql

from registry_service.domain.entity import EntityState
from registry_service.domain.search import (
    SLICE_DIGITS,
    SearchField,
    slice_term,
    state_term,
    unit_term,
)
from registry_service.domain.search_query import SearchQuery, Wanted

_SELECT: Final = sql.SQL("""
    SELECT entity_no, sort_key FROM entity_search WHERE {} ORDER BY sort_key LIMIT %(limit)s
""")
_BETWEEN: Final = sql.SQL("sort_key > %(after)s AND sort_key < %(before)s")
_THESE: Final = sql.SQL("entity_no = ANY (%(entities)s)")
# `IS TRUE` keeps it from the index, which would read every entity of many units or states.
_ONE_OF: Final = sql.SQL("(terms && {}::text[]) IS TRUE")
_TERMS: Final = sql.SQL("terms @> {}::text[]")
# Keys have no blanks, so that a blank parts them.
_CONTAINS: Final = {
    SearchField.NAME: sql.SQL("strpos(name_key, {}) > 0"),
    SearchField.FORMER_NAME: sql.SQL("strpos(array_to_string(former_name_keys, ' '), {}) > 0"),
    SearchField.PERSON: sql.SQL("strpos(person_key, {}) > 0"),
    SearchField.ADDRESS: sql.SQL("strpos(address_key, {}) > 0"),
}
_IS: Final = {
    SearchField.NAME: sql.SQL("name_key = {}"),
    SearchField.FORMER_NAME: sql.SQL("{} = ANY (former_name_keys)"),
    SearchField.PERSON: sql.SQL("person_key = {}"),
    SearchField.ADDRESS: sql.SQL("address_key = {}"),
}
_MOST_TERMS: Final = 3
"""Of one way: a fourth would leave hardly fewer entities to look at."""
_UNKNOWN_SHARE: Final = 0.0005
"""Of a term that is none of the thousand most frequent: it is rarer than these."""
_ENTRY_COST: Final = 0.0012
"""To read an entry of a term's list, where to look at an entity costs 1; as measured."""


def looks_at_each(query: SearchQuery, digits: str) -> bool:
    """Whether the block holds so few entities that each is looked at: one slice, or those named."""
    return query.entities is not None or len(digits) == SLICE_DIGITS


def terms_of(query: SearchQuery) -> set[str]:
    """Every term that the index may be asked for, but for slices."""
    return {
        *map(unit_term, query.registrars),
        *map(state_term, query.states),
        *(term for group in query.texts for each in group for term in each.terms),
    }


class SearchStatement:
    """A query within a block of slices, as SQL and its values, but for bounds and limit."""

    def __init__(self, query: SearchQuery, digits: str, shares: Mapping[str, float]) -> None:
        """Compose it.

        Args:
            query: what is looked for.
            digits: that the block's slices have in common; none: the whole register.
            shares: term → the part of all entities that have it, where that is not small; empty
                while nothing is known.
        """
        self.values: dict[str, Any] = {}
        self._shares = dict(shares)
        slices = [slice_term(digits)] if digits else []
        if shares and slices:
            self._shares[slices[0]] = 16.0 ** -len(digits)
        conditions: list[sql.Composable] = [_BETWEEN]
        units = [unit_term(unit) for unit in query.registrars]
        states = [state_term(state) for state in query.states]
        conditions += [_ONE_OF.format(self._value(terms)) for terms in (units, states) if terms]
        if query.entities is not None:
            self.values["entities"] = list(query.entities)
            conditions.append(_THESE)
        if looks_at_each(query, digits):
            # So little is left to look at that the index would only cost more.
            conditions += [_TERMS.format(self._value(slices))] if slices else []
            ways = [list(self._checks(wanted)) for wanted in query.ways()]
        else:
            narrowing = product(_narrowing_units(units), _narrowing_states(query))
            ways = [
                self._way([*slices, *unit, *state], wanted)
                for (unit, state), wanted in product(narrowing, query.ways())
            ]
        if all(ways):
            conditions.append(sql.SQL("({})").format(sql.SQL(" OR ").join(map(_all, ways))))
        self.text = _SELECT.format(_all(conditions))

    def _way(self, common: list[str], wanted: tuple[Wanted, ...]) -> list[sql.Composable]:
        """What fits one way: the rarest of its terms and of `common`, and its checks."""
        terms = common + [term for each in wanted for term in each.terms]
        if self._shares:
            terms = self._worth_reading(terms)
        asked = [_TERMS.format(self._value(terms))] if terms else []
        return [*asked, *self._checks(wanted)]

    def _worth_reading(self, terms: list[str]) -> list[str]:
        """The rarest, each only if its list is cheaper to read than the entities it rules out."""
        chosen: list[str] = []
        left = 1.0
        for share, term in sorted((self._shares.get(term, _UNKNOWN_SHARE), term) for term in terms):
            if chosen and left * (1 - share) < share * _ENTRY_COST:
                break
            chosen.append(term)
            left *= share
        return chosen[:_MOST_TERMS]

    def _checks(self, wanted: tuple[Wanted, ...]) -> Iterator[sql.Composable]:
        for each in wanted:
            check = (_IS if each.whole else _CONTAINS)[each.field]
            yield check.format(self._value(each.key))

    def _value(self, value: str | list[str]) -> sql.Placeholder:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return sql.Placeholder(name)


def _all(conditions: list[sql.Composable]) -> sql.Composed:
    return sql.SQL(" AND ").join(conditions)


def _narrowing_units(units: list[str]) -> list[list[str]]:
    """Terms by which the index narrows a search to its unit: several are as good as all."""
    return [units] if len(units) == 1 else [[]]


def _narrowing_states(query: SearchQuery) -> list[list[str]]:
    """Terms by which the index finds rare states, one at a time: most entities are active."""
    if not query.states or EntityState.ACTIVE in query.states:
        return [[]]
    return [[state_term(state)] for state in query.states]
