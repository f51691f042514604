"""正本 and 副本 over the wire: printed, fetched, returned, lost; and the licence as a whole."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from license_verify.codes.document_id import DocumentId
from license_verify.token.claims import read
from license_verify.token.face import LicenseFace
from license_verify.token.scan import ScanText
from registry_service.config import INVENTED_ISSUER
from tests.rpc.registry import people
from tests.rpc.registry.test_lifecycle import QUFU_SHOP, changed, licensed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_date,
    a_request_id,
    an_entity,
    filed,
    invalid,
    refused,
)
from yizhao.registry.v1 import entity_pb2, license_pb2
from yizhao.registry.v1 import entity_service_pb2 as entity_pb
from yizhao.registry.v1 import license_service_pb2 as pb

ORIGINAL, DUPLICATE = license_pb2.COPY_KIND_ORIGINAL, license_pb2.COPY_KIND_DUPLICATE
IN_USE, RETURNED, VOID = (
    license_pb2.COPY_STATE_IN_USE,
    license_pb2.COPY_STATE_RETURNED,
    license_pb2.COPY_STATE_VOID,
)
ISSUED, SUPERSEDED, LOST = (
    license_pb2.LICENSE_STATE_ISSUED,
    license_pb2.LICENSE_STATE_SUPERSEDED,
    license_pb2.LICENSE_STATE_LOST_VOID,
)


@pytest.fixture
def firm(rencheng: Client) -> entity_pb2.Entity:
    """An entity with a licence in force."""
    entity = an_entity(rencheng)
    licensed(rencheng, entity)
    return entity


def printed(
    client: Client, entity: entity_pb2.Entity, kind: int = DUPLICATE, **other: Any
) -> license_pb2.LicenseCopy:
    request = pb.PrintLicenseCopyRequest(
        parent=entity.name,
        kind=kind,  # type: ignore[arg-type] # a kind, or what is none
        **({"request_id": a_request_id()} | other),
    )
    copy: license_pb2.LicenseCopy = client.licenses.PrintLicenseCopy(request)
    return copy


def copies(client: Client, entity: entity_pb2.Entity) -> list[license_pb2.LicenseCopy]:
    request = pb.ListLicenseCopiesRequest(parent=entity.name)
    return list(client.licenses.ListLicenseCopies(request).copies)


def lose(client: Client, copy: license_pb2.LicenseCopy) -> license_pb2.LicenseCopy:
    request = pb.VoidLostCopyRequest(name=copy.name, basis="公示声明作废")
    after: license_pb2.LicenseCopy = client.licenses.VoidLostCopy(request)
    return after


def face(document: license_pb2.License | license_pb2.LicenseCopy) -> LicenseFace:
    found = read(ScanText.parse(document.scan_text).data).claims.face
    assert isinstance(found, LicenseFace)
    return found


def live(client: Client, entity: entity_pb2.Entity) -> license_pb2.License:
    request = pb.GetLicenseRequest(name=f"{entity.name}/licenses/-")
    found: license_pb2.License = client.licenses.GetLicense(request)
    return found


def kinds(client: Client, entity: entity_pb2.Entity) -> list[str]:
    request = entity_pb.ListEntityEventsRequest(parent=entity.name, page_size=1000)
    return [event.kind for event in client.entities.ListEntityEvents(request).events]


def test_a_copy_has_a_token_an_entry_and_a_number_of_its_own(
    rencheng: Client, firm: entity_pb2.Entity
) -> None:
    licence = live(rencheng, firm)
    original, first, second = (printed(rencheng, firm, kind) for kind in (1, 2, 2))
    assert [copy.name for copy in (original, first, second)] == [
        f"{firm.name}/copies/{n}" for n in (1, 2, 3)
    ]
    assert [copy.duplicate for copy in (original, first, second)] == [0, 1, 2]
    assert [face(copy).copy for copy in (original, first, second)] == [0, 1, 2]
    assert face(licence).copy is None
    entries = {d.status_index for d in (licence, original, first, second)}
    assert len(entries) == 4
    assert original.printed_by == people.RENCHENG
    assert original.printed_date == a_date(*_today())
    for copy in (original, first, second):
        assert (copy.state, copy.token_state) == (IN_USE, ISSUED)
        assert copy.license == licence.name
        assert copy.license_number == licence.license_number
        assert copy.document_id == licence.document_id
        request = pb.GetLicenseCopyRequest(name=copy.name)
        assert rencheng.licenses.GetLicenseCopy(request) == copy
    assert copies(rencheng, firm) == [original, first, second]
    told = kinds(rencheng, firm)
    assert told.count("copy.requested") == told.count("copy.issued") == 3


def _today() -> tuple[int, int, int]:
    day = (datetime.now(UTC) + timedelta(hours=8)).date()
    return day.year, day.month, day.day


def test_a_licence_is_named_by_its_number_and_its_identifier(
    registry: Registry, rencheng: Client, firm: entity_pb2.Entity
) -> None:
    licence = live(rencheng, firm)
    identifier = DocumentId.parse(licence.document_id)
    assert (identifier.issuer, identifier.serial) == (INVENTED_ISSUER, firm.uscc)
    assert identifier.version == licence.version == 1
    assert licence.license_number == f"{firm.uscc}001"
    for number in (licence.license_number, licence.document_id):
        request = entity_pb.SearchEntitiesRequest(license_number=number)
        found = rencheng.entities.SearchEntities(request)
        assert [each.entity.uscc for each in found.results] == [firm.uscc]


def test_a_version_beyond_999_is_named_all_the_same(
    registry: Registry, rencheng: Client, firm: entity_pb2.Entity
) -> None:
    """A restore lets versions go on far behind those that were given."""
    number = registry.number_of(firm.uscc)
    registry.run("UPDATE license_version SET version = 10001 WHERE entity_no = %s", number)
    registry.run(
        "UPDATE event SET subject = 'licenses/10001' WHERE entity_no = %s AND subject = %s",
        number,
        "licenses/1",
    )
    licence = live(rencheng, firm)
    assert licence.license_number == f"{firm.uscc}10001"
    identifier = DocumentId.parse(licence.document_id)
    assert (identifier.serial, identifier.version) == (f"{firm.uscc}10", 11)
    for text in (licence.license_number, licence.document_id):
        request = entity_pb.SearchEntitiesRequest(license_number=text)
        found = rencheng.entities.SearchEntities(request)
        assert [each.entity.uscc for each in found.results] == [firm.uscc]


def test_an_act_is_done_once_however_often_it_is_asked_for(
    rencheng: Client, firm: entity_pb2.Entity
) -> None:
    request_id = a_request_id()
    first = printed(rencheng, firm, request_id=request_id)
    assert printed(rencheng, firm, request_id=request_id) == first
    assert len(copies(rencheng, firm)) == 1
    void = pb.VoidLostCopyRequest(name=first.name, basis="公示", request_id=a_request_id())
    assert rencheng.licenses.VoidLostCopy(void) == rencheng.licenses.VoidLostCopy(void)


def test_who_fetched_a_copy_is_kept_once(rencheng: Client, firm: entity_pb2.Entity) -> None:
    copy = printed(rencheng, firm)
    request = pb.CollectLicenseCopyRequest(name=copy.name, collected_by="孙试取")
    after = rencheng.licenses.CollectLicenseCopy(request)
    assert (after.collected_by, after.collect_date) == ("孙试取", a_date(*_today()))
    with refused("COPY_COLLECTED"):
        rencheng.licenses.CollectLicenseCopy(request)
    with refused("COPY_ENDED", state="void"):
        rencheng.licenses.CollectLicenseCopy(
            pb.CollectLicenseCopyRequest(
                name=lose(rencheng, printed(rencheng, firm)).name, collected_by="孙试取"
            )
        )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"collected_by": ""}, "collected_by"),
        ({"collected_by": "孙" * 101}, "collected_by"),
        ({"collect_date": a_date(2020, 1, 1)}, "collect_date"),
        ({"collect_date": a_date(2999, 1, 1)}, "collect_date"),
        ({"collect_date": a_date(2026, 13, 1)}, "collect_date"),
    ],
)
def test_a_collection_that_can_not_be_is_refused(
    rencheng: Client, firm: entity_pb2.Entity, wrong: dict[str, Any], field: str
) -> None:
    copy = printed(rencheng, firm)
    values: dict[str, Any] = {"name": copy.name, "collected_by": "孙试取"} | wrong
    with invalid(field):
        rencheng.licenses.CollectLicenseCopy(pb.CollectLicenseCopyRequest(**values))


def test_of_the_original_there_is_one_at_a_time(rencheng: Client, firm: entity_pb2.Entity) -> None:
    original = printed(rencheng, firm, ORIGINAL)
    with refused("COPY_LIVE", copy="1"):
        printed(rencheng, firm, ORIGINAL)
    request = pb.ReturnLicenseCopyRequest(name=original.name, basis="破损")
    back = rencheng.licenses.ReturnLicenseCopy(request)
    assert (back.state, back.token_state, back.end_basis) == (RETURNED, SUPERSEDED, "破损")
    with refused("COPY_ENDED", state="returned"):
        rencheng.licenses.ReturnLicenseCopy(request)
    assert printed(rencheng, firm, ORIGINAL).name == f"{firm.name}/copies/2"


def test_a_lost_copy_ends_alone(rencheng: Client, firm: entity_pb2.Entity) -> None:
    original, first = printed(rencheng, firm, ORIGINAL), printed(rencheng, firm)
    after = lose(rencheng, first)
    assert (after.state, after.token_state) == (VOID, LOST)
    assert copies(rencheng, firm) == [original, after]
    assert live(rencheng, firm).state == ISSUED
    with refused("COPY_ENDED", state="void"):
        lose(rencheng, first)
    with invalid("basis"):
        rencheng.licenses.VoidLostCopy(pb.VoidLostCopyRequest(name=original.name))


def test_a_change_supersedes_the_copies_and_an_ended_firm_gives_them_back(
    rencheng: Client, firm: entity_pb2.Entity
) -> None:
    first = printed(rencheng, firm)
    changed(
        rencheng,
        rencheng.entities.GetEntity(entity_pb.GetEntityRequest(name=firm.name)),
        person="孙试改",
    )
    (after,) = copies(rencheng, firm)
    assert (after.state, after.token_state) == (IN_USE, SUPERSEDED)
    with refused("COPY_ENDED", state="superseded"):
        rencheng.licenses.CollectLicenseCopy(
            pb.CollectLicenseCopyRequest(name=first.name, collected_by="孙试取")
        )
    back = rencheng.licenses.ReturnLicenseCopy(pb.ReturnLicenseCopyRequest(name=first.name))
    assert back.state == RETURNED
    assert printed(rencheng, firm).license == f"{firm.name}/licenses/2"


def test_nothing_is_printed_without_a_licence_or_of_an_unknown_kind(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    with refused("LICENSE_UNKNOWN"):
        printed(rencheng, entity)
    with refused("LICENSE_UNKNOWN"):
        rencheng.licenses.ReissueLicense(
            pb.ReissueLicenseRequest(parent=entity.name, basis="遗失补发")
        )
    with invalid("kind"):
        printed(rencheng, entity, 0)
    with invalid("kind"):
        printed(rencheng, entity, 99)
    with refused("COPY_UNKNOWN", copy="7"):
        rencheng.licenses.GetLicenseCopy(pb.GetLicenseCopyRequest(name=f"{entity.name}/copies/7"))
    with refused("ENTITY_UNKNOWN"):
        rencheng.licenses.ListLicenseCopies(
            pb.ListLicenseCopiesRequest(parent=f"entities/{a_code()}")
        )


@pytest.mark.parametrize("number", ["0", "-", "01", "x", "9999999999"])
def test_a_malformed_number_of_a_copy_is_refused(
    rencheng: Client, firm: entity_pb2.Entity, number: str
) -> None:
    name = f"{firm.name}/copies/{number}"
    with invalid("name"):
        rencheng.licenses.GetLicenseCopy(pb.GetLicenseCopyRequest(name=name))
    with invalid("name"):
        rencheng.licenses.RenderSymbol(pb.RenderSymbolRequest(name=name))


def test_the_symbol_of_a_copy_is_drawn(rencheng: Client, firm: entity_pb2.Entity) -> None:
    copy = printed(rencheng, firm)
    found = rencheng.licenses.RenderSymbol(pb.RenderSymbolRequest(name=copy.name))
    assert found.media_type == "image/png"
    assert found.content


def test_a_lost_licence_is_void_with_its_copies_until_it_is_issued_anew(
    rencheng: Client, firm: entity_pb2.Entity
) -> None:
    copy = printed(rencheng, firm)
    void = pb.VoidLostLicenseRequest(name=f"{firm.name}/licenses/-", basis="公示声明作废")
    with invalid("basis"):
        rencheng.licenses.VoidLostLicense(pb.VoidLostLicenseRequest(name=void.name))
    assert rencheng.licenses.VoidLostLicense(void).state == LOST
    assert [each.token_state for each in copies(rencheng, firm)] == [LOST]
    with refused("LICENSE_UNKNOWN"):
        rencheng.licenses.VoidLostLicense(void)
    with refused("LICENSE_NOT_LIVE", state="lost_void"):
        rencheng.licenses.VoidLostLicense(
            pb.VoidLostLicenseRequest(name=f"{firm.name}/licenses/1", basis="公示")
        )
    with invalid("basis"):
        rencheng.licenses.ReissueLicense(pb.ReissueLicenseRequest(parent=firm.name))
    newer = rencheng.licenses.ReissueLicense(
        pb.ReissueLicenseRequest(parent=firm.name, basis="遗失补发")
    )
    assert (newer.version, newer.state, newer.entity_version) == (2, ISSUED, 1)
    request = pb.ListLicensesRequest(parent=firm.name, page_size=1)
    page = rencheng.licenses.ListLicenses(request)
    assert [each.version for each in page.licenses] == [2]
    request.page_token = page.next_page_token
    page = rencheng.licenses.ListLicenses(request)
    assert [(each.version, each.state) for each in page.licenses] == [(1, LOST)]
    assert not page.next_page_token
    assert copy.license == f"{firm.name}/licenses/1"


def test_an_ended_firm_prints_nothing_and_gives_back_what_it_has(
    rencheng: Client, firm: entity_pb2.Entity, registry: Registry
) -> None:
    first, second = printed(rencheng, firm), printed(rencheng, firm)
    number = registry.number_of(firm.uscc)
    registry.run("UPDATE entity SET state = 'deregistered' WHERE entity_no = %s", number)
    with refused("ENTITY_ENDED"):
        printed(rencheng, firm)
    with refused("ENTITY_ENDED"):
        rencheng.licenses.ReissueLicense(pb.ReissueLicenseRequest(parent=firm.name, basis="换发"))
    with refused("ENTITY_ENDED"):
        rencheng.licenses.CollectLicenseCopy(
            pb.CollectLicenseCopyRequest(name=first.name, collected_by="孙试取")
        )
    back = rencheng.licenses.ReturnLicenseCopy(pb.ReturnLicenseCopyRequest(name=first.name))
    assert back.state == RETURNED
    assert lose(rencheng, second).state == VOID


def test_the_first_filed_place_issues_the_licence_anew_and_others_do_not(
    rencheng: Client, firm: entity_pb2.Entity
) -> None:
    first = printed(rencheng, firm)
    assert not live(rencheng, firm).multi_address
    filed(rencheng, firm, QUFU_SHOP)
    marked = live(rencheng, firm)
    assert (marked.version, marked.state, marked.entity_version) == (2, ISSUED, 1)
    assert marked.multi_address
    assert face(marked).many_addresses
    assert copies(rencheng, firm)[0].token_state == SUPERSEDED
    assert not face(first).many_addresses
    assert face(printed(rencheng, firm)).many_addresses
    filed(rencheng, firm, "济宁市任城区古槐街道样例路77号")
    assert live(rencheng, firm) == marked
    with refused("LICENSE_LIVE", version="2"):
        licensed(rencheng, firm)
