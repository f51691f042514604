"""The places that an entity has filed."""

from typing import Final

from registry_service.domain.premises import Premises
from registry_service.store.transaction import Transaction

_PAGE: Final = 1000


def filed_places(tx: Transaction, entity_no: int) -> tuple[Premises, ...]:
    """Live or suspended premises, by number; all of them, however many."""
    filed: list[Premises] = []
    after = 0
    while page := tx.premises.page(entity_no, after, _PAGE):
        filed += [premises for premises in page if premises.state.filed]
        after = page[-1].number
    return tuple(filed)
