"""A search of a filled register finds what reading every entity would, in the same order."""

from collections.abc import Iterator
from itertools import product

import pytest

from registry_service.domain.entity import EntityState
from registry_service.domain.search import SearchField, SearchRow, search_row, unit_term
from registry_service.domain.search_query import Criteria, SearchQuery, Wanted, wanted_texts
from registry_service.store.search_statement import SearchStatement
from registry_service.store.transaction import Store
from tests.database import SharedServer
from tests.load.bulk import code_of, fill
from tests.load.lifelike import business
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import populate, settings

COUNT = 1_500
ALL = tuple(range(1, 34))


@pytest.fixture(scope="module")
def store(postgres: SharedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A register whose statistics are known, as they are of any but a new one."""
    folder = tmp_path_factory.mktemp("filled")
    with postgres.clone() as url:
        populate(settings(Certificates(folder / "ca"), folder / "keys", url), url)
        fill(url, 1, COUNT)
        with Store(url, 1) as opened:
            yield opened


@pytest.fixture(scope="module")
def rows() -> dict[int, SearchRow]:
    """What finds each entity."""
    found = {}
    for number in range(1, COUNT + 1):
        made = business(number)
        texts = (made.name, made.person, made.address_key)
        found[number] = search_row(code_of(number), EntityState.ACTIVE, made.unit, *texts)
    return found


def text_of(row: SearchRow, wanted: Wanted) -> bool:
    keys = {
        SearchField.NAME: [row.name_key],
        SearchField.FORMER_NAME: row.former_name_keys,
        SearchField.PERSON: [row.person_key],
        SearchField.ADDRESS: [row.address_key],
    }
    return any(wanted.fits(key) for key in keys[wanted.field])


def fits(row: SearchRow, query: SearchQuery) -> bool:
    """Whether the entity fits, told without any index."""
    units = {unit_term(unit) for unit in query.registrars}
    return (
        all(any(text_of(row, wanted) for wanted in group) for group in query.texts)
        and (not units or bool(units & set(row.terms)))
        and (not query.states or EntityState.ACTIVE in query.states)
    )


def read(store: Store, query: SearchQuery, size: int) -> list[int]:
    """Every page."""
    found: list[int] = []
    after = ""
    with store.transaction() as tx:
        while hits := tx.entity_search.find(query, after, size):
            found += [hit.entity_no for hit in hits]
            after = hits[-1].sort_key
    return found


TEXTS = (
    Criteria(text="济宁"),
    Criteria(text="商贸"),
    Criteria(text="有限公司"),
    Criteria(text="路1"),
    Criteria(text="达商贸有限"),
    Criteria(text="龘龘"),
    Criteria(text="任城区"),
    Criteria(text=business(7).person),
    Criteria(text=business(8).name),
    Criteria(business_name=business(9).name, whole_name=True),
    Criteria(business_name="商贸", person=business(7).person[:2]),
    Criteria(address=business(10).address),
    Criteria(address="街道建设路", business_name="物流"),
    Criteria(),
)
UNITS = ((), (11,), (20,), (0,), ALL)
STATES = (
    (),
    (EntityState.ACTIVE,),
    (EntityState.REVOKED,),
    (EntityState.REVOKED, EntityState.ACTIVE),
    (EntityState.REVOKED, EntityState.ANNULLED),
)


@pytest.mark.parametrize("criteria", TEXTS)
def test_pages_of_any_size_are_all_that_fits_in_order(
    store: Store, rows: dict[int, SearchRow], criteria: Criteria
) -> None:
    for units, states in product(UNITS, STATES):
        query = SearchQuery(wanted_texts(criteria), units, states)
        expected = sorted(
            (number for number, row in rows.items() if fits(row, query)),
            key=lambda number: rows[number].sort_key,
        )
        assert read(store, query, 1_000) == expected
        if len(expected) < 200:
            assert read(store, query, 7) == expected


def test_the_index_is_asked_for_the_rarest_terms_alone() -> None:
    (group,) = wanted_texts(Criteria(business_name="济宁市鸿达商贸"))
    query = SearchQuery((group[:1],), (11,))
    shares = {"u11": 0.3, "n济宁": 0.9, "n商贸": 0.1, "z0": 0.06}
    assert SearchStatement(query, "00", shares).values["v1"] == ["n市鸿", "n达商"]
    rare = SearchQuery((wanted_texts(Criteria(business_name="鸿达"))[0][:1],), (11,))
    assert SearchStatement(rare, "0", shares).values["v1"] == ["n鸿达", "z0"], "not the unit"
    assert len(SearchStatement(query, "00", {}).values["v1"]) == 6


def test_of_one_slice_every_entity_is_looked_at() -> None:
    query = SearchQuery(wanted_texts(Criteria(text="鸿达")), (11,))
    assert SearchStatement(query, "00a", {}).values["v1"] == ["z00a"]
    assert "terms @>" in SearchStatement(query, "00a", {}).text.as_string()
    assert SearchStatement(query, "00a", {}).text.as_string().count("terms @>") == 1
