"""批量备案: a chain's shops, each with its own outcome."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry_service.domain.application import Application
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import RegistryError
from registry_service.domain.premises import Document, Filing, Site
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.draft_filing import add_draft, room_in
from registry_service.operations.submit_filing import after_submission, review_and_file


@dataclass(frozen=True, slots=True)
class Shop:
    """One of a batch, as it was read."""

    site: Site
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Malformed:
    """One of a batch that could not be read, and what is wrong with it, in Chinese."""

    error: str


def batch_filings(
    act: Act, code: str, receipt: str, batch: Sequence[Shop | Malformed]
) -> tuple[Entity, list[Filing | Malformed]]:
    """Draft and submit up to 300 filings of one application, in one transaction.

    One that is refused or malformed does not stop the others; of two with the same address the
    first has it. All defects are told in one notice.

    Returns:
        The entity, and what became of each, in the order of the batch.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        ApplicationUnknown: the entity has no such application.
        InvalidRequest: the application would have more than 300 filings.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.BATCH_CREATE_FILINGS, entity=entity)
    shops = [shop for shop in batch if isinstance(shop, Shop)]
    application = room_in(act, entity, receipt, len(shops))
    outcomes: list[Filing | Malformed] = []
    for one in batch:
        if isinstance(one, Malformed):
            outcomes.append(one)
            continue
        entity, outcome = _file_one(act, entity, application, one, unit)
        outcomes.append(outcome)
    filings = [outcome for outcome in outcomes if isinstance(outcome, Filing)]
    if filings:
        entity, _ = after_submission(act, entity, application, filings, unit)
    return entity, outcomes


def _file_one(
    act: Act, entity: Entity, application: Application, shop: Shop, unit: int
) -> tuple[Entity, Filing | Malformed]:
    try:
        with act.tx.connection.transaction():  # a refusal takes back this one alone
            after, filing = add_draft(act, entity, application, shop.site, shop.documents, unit)
            return review_and_file(act, after, application, filing, unit)
    except RegistryError as error:
        return entity, Malformed(error.zh or str(error))
