"""The places that an entity has filed."""

from typing import Final

from registry_service.domain.premises import Premises
from registry_service.store.transaction import Transaction

_PAGE: Final = 1000


def every_place(tx: Transaction, entity_no: int) -> tuple[Premises, ...]:
    """All premises that the entity ever filed, by number."""
    places: list[Premises] = []
    after = 0
    while True:
        page = tx.premises.page(entity_no, after, _PAGE)
        places += page
        if len(page) < _PAGE:
            return tuple(places)
        after = page[-1].number


def filed_places(tx: Transaction, entity_no: int) -> tuple[Premises, ...]:
    """Live or suspended premises, by number; all of them, however many."""
    return tuple(place for place in every_place(tx, entity_no) if place.state.filed)
