"""SearchEntities: every criterion, why each entity was found, and pages that never shift."""

from itertools import count
from typing import Any

import pytest

from clients.sample.codes import registration_number
from license_verify.codes.document_id import BUSINESS_LICENSE, DocumentId
from tests.rpc.registry import people
from tests.rpc.registry.files import counts, imported, sent, signed_off
from tests.rpc.registry.test_entity_acts import suspended
from tests.rpc.registry.test_import import a_row
from tests.rpc.registry.test_lifecycle import changed
from tests.rpc.registry.test_paging import query_in, token_of
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_face,
    an_entity,
    invalid,
    refused,
)
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb

_words = count(0x3400)

CODE, FORMER_CODE = pb.SEARCHED_FIELD_CODE, pb.SEARCHED_FIELD_FORMER_CODE
NAME, FORMER_NAME = pb.SEARCHED_FIELD_BUSINESS_NAME, pb.SEARCHED_FIELD_FORMER_NAME
PERSON, ADDRESS = pb.SEARCHED_FIELD_PERSON, pb.SEARCHED_FIELD_ADDRESS


def a_word() -> str:
    """Two rare characters that no other test has."""
    return chr(next(_words)) + chr(next(_words))


def search(client: Client, **criteria: Any) -> pb.SearchEntitiesResponse:
    answer: pb.SearchEntitiesResponse = client.entities.SearchEntities(
        pb.SearchEntitiesRequest(**criteria)
    )
    return answer


def found(client: Client, **criteria: Any) -> set[str]:
    """Names of the entities found."""
    return {result.entity.name for result in search(client, **criteria).results}


def why(client: Client, **criteria: Any) -> list[tuple[int, str]]:
    """Why the only entity was found."""
    (result,) = search(client, **criteria).results
    return [(match.field, match.value) for match in result.matches]


def named(client: Client, name: str, **face: Any) -> entity_pb2.Entity:
    """A registered entity of that name."""
    return an_entity(client, face=a_face(business_name=name, **face))


@pytest.mark.parametrize("part", [slice(0, 2), slice(3, 5), slice(2, 9), slice(-2, None)])
def test_any_part_of_a_name_finds_it(rencheng: Client, part: slice) -> None:
    word = a_word()
    name = f"济宁市{word}物流有限公司"
    entity = named(rencheng, name)
    assert entity.name in found(rencheng, business_name=name[part], text=word)
    assert why(rencheng, text=word) == [(NAME, name)]


def test_a_whole_name_is_found_and_longer_ones_are_not(rencheng: Client) -> None:
    word = a_word()
    short, _ = named(rencheng, f"{word}店"), named(rencheng, f"{word}店铺")
    exact = {"business_name": f"{word}店", "name_match": pb.NAME_MATCH_EXACT}
    assert found(rencheng, **exact) == {short.name}
    assert len(found(rencheng, business_name=f"{word}店")) == 2


def test_how_a_name_is_written_does_not_matter(rencheng: Client) -> None:
    word = a_word()
    entity = named(rencheng, f"{word}（ＫＴＶ）店")
    for typed in (f"{word}(ktv)店", f"{word}【KTV】", f"{word} （ Ktv）", f"{word}(KTV"):
        assert found(rencheng, text=typed) == {entity.name}, typed


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", "100%"])
def test_signs_of_patterns_mean_themselves(rencheng: Client, sign: str) -> None:
    word = a_word()
    entity = named(rencheng, f"{word}{sign}棉店")
    named(rencheng, f"{word}纯棉店")
    assert found(rencheng, business_name=f"{word}{sign}") == {entity.name}
    assert found(rencheng, text=f"{sign}棉", business_name=word) == {entity.name}


def test_characters_that_follow_each_other_elsewhere_do_not_count(rencheng: Client) -> None:
    word = a_word()
    named(rencheng, f"{word}甲{word[1]}乙店")
    assert found(rencheng, business_name=f"{word}乙") == set()


def test_a_former_name_finds_it_and_is_shown_as_it_was(rencheng: Client) -> None:
    old, middle, new = (f"济宁市{a_word()}（老店）" for _ in range(3))
    entity = named(rencheng, old)
    entity = changed(rencheng, entity, business_name=middle)
    entity = changed(rencheng, entity, business_name=new)
    assert why(rencheng, business_name=old[3:5]) == [(FORMER_NAME, old)]
    assert why(rencheng, text=middle) == [(FORMER_NAME, middle)]
    assert why(rencheng, text=new) == [(NAME, new)]
    exact = {"business_name": old.replace("（", "("), "name_match": pb.NAME_MATCH_EXACT}
    assert why(rencheng, **exact) == [(FORMER_NAME, old)]


def test_a_change_of_another_item_makes_no_former_name(rencheng: Client) -> None:
    name = f"{a_word()}店"
    changed(rencheng, named(rencheng, name), person="孙试写")
    assert why(rencheng, text=name) == [(NAME, name)]


def test_a_person_is_found_by_a_part_and_no_longer_once_replaced(rencheng: Client) -> None:
    word = a_word()
    entity = named(rencheng, "试写店", person=f"{word}·阿不都")
    assert why(rencheng, person=word) == [(PERSON, f"{word}·阿不都")]
    assert why(rencheng, text=f"{word}•阿") == [(PERSON, f"{word}·阿不都")]
    changed(rencheng, entity, person="孙试写")
    assert found(rencheng, person=word) == set()


def test_an_address_is_found_with_or_without_province_and_city(rencheng: Client) -> None:
    word = a_word()
    written = f"山东省济宁市任城区阜桥街道{word}路２号"
    named(rencheng, "试写店", address=written)
    for typed in (f"任城区阜桥街道{word}路2号", f"济宁市任城区阜桥街道{word}", f"{word}路2"):
        assert why(rencheng, address=typed) == [(ADDRESS, written)]
        assert why(rencheng, text=typed) == [(ADDRESS, written)]


def test_one_word_tells_every_field_it_fits(rencheng: Client) -> None:
    word = a_word()
    address = f"济宁市任城区阜桥街道{word}路1号"
    named(rencheng, f"{word}店", person=f"王{word}", address=address)
    assert why(rencheng, text=word) == [
        (NAME, f"{word}店"),
        (PERSON, f"王{word}"),
        (ADDRESS, address),
    ]


def test_a_code_is_found_however_it_is_typed(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    spaced = f" {entity.uscc[:8].lower()} {entity.uscc[8:]}"
    for criteria in ({"code": spaced}, {"text": spaced}, {"text": entity.uscc}):
        assert why(rencheng, **criteria) == [(CODE, entity.uscc)]
    (result,) = search(rencheng, code=entity.uscc).results
    assert not result.entity.found_by_former_code


def test_a_former_code_finds_it_and_says_so(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    after = rencheng.entities.CorrectCode(
        pb.CorrectCodeRequest(name=entity.name, uscc=a_code(), basis="核对原件")
    )
    for criteria in ({"code": entity.uscc}, {"text": entity.uscc}):
        assert why(rencheng, **criteria) == [(FORMER_CODE, entity.uscc)]
        (result,) = search(rencheng, **criteria).results
        assert result.entity.found_by_former_code
        assert result.entity.uscc == after.uscc
    word = entity.face.address.text[-9:]
    assert after.name in found(rencheng, address=word), "it is still found by its texts"


def test_an_old_registration_number_finds_it(registry: Registry, rencheng: Client) -> None:
    number = registration_number("370811", False, 7_654_321)
    row = a_row(regno=number)
    assert counts(imported(registry, [row])) == (1, 0, 0, 0)
    assert why(rencheng, text=number) == [(FORMER_CODE, number)]


def test_the_number_printed_on_a_licence_finds_it(registry: Registry, rencheng: Client) -> None:
    entity, number = an_entity(rencheng), f"3708{a_code()[8:]}0001"
    row = {"uniscid": entity.uscc, "copy": "正本", "license_number": number}
    signed_off(registry, sent(registry, [row], method="ImportCopies"))
    for criteria in ({"license_number": number}, {"text": number}):
        assert why(rencheng, **criteria) == [(pb.SEARCHED_FIELD_LICENSE_NUMBER, number)]


@pytest.mark.parametrize("odd", ['甲"乙', "甲\\乙", "甲{乙", "甲,乙", "甲'乙", "NULL"])
def test_an_imported_name_with_odd_characters_is_found(
    registry: Registry, rencheng: Client, odd: str
) -> None:
    word = a_word()
    imported(registry, [row := a_row(entname=f"济宁市{word}{odd}商贸有限公司")])
    assert found(rencheng, business_name=f"{word}{odd}") == {f"entities/{row['uniscid']}"}


def test_an_imported_entity_is_found_at_once(registry: Registry, rencheng: Client) -> None:
    word = a_word()
    imported(registry, [a_row(entname=f"济宁市{word}商贸有限公司", dom="样例路12号")])
    assert len(found(rencheng, text=word)) == 1
    assert len(found(rencheng, text=word, registrar="units/-")) == 1
    assert found(rencheng, text=word, registrar="units/11") == set()


def test_the_number_of_an_electronic_licence_carries_the_code(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    number = str(DocumentId(BUSINESS_LICENSE, "11370800MB28559184", entity.uscc, 1))
    licensed = [(pb.SEARCHED_FIELD_LICENSE_NUMBER, number)]
    assert why(rencheng, license_number=number) == licensed
    assert why(rencheng, text=number) == licensed
    assert found(rencheng, license_number=number[:-1] + "?") == set()


def test_what_looks_like_a_number_and_leads_nowhere_is_a_text(rencheng: Client) -> None:
    name = "A1234567店"
    entity = named(rencheng, name)
    assert entity.name in found(rencheng, text="A1234567")


def test_unit_and_state_narrow_a_search(registry: Registry) -> None:
    word = a_word()
    rencheng, qufu = registry.as_(people.RENCHENG), registry.as_(people.QUFU)
    here = named(rencheng, f"{word}店")
    there = named(qufu, f"{word}店", address="济宁市曲阜市鲁城街道样例路9号")
    asleep = named(rencheng, f"{word}店")
    suspended(rencheng, asleep.name)
    everywhere = {here.name, there.name, asleep.name}
    active, dormant = entity_pb2.ENTITY_STATE_ACTIVE, entity_pb2.ENTITY_STATE_DORMANT
    revoked = entity_pb2.ENTITY_STATE_REVOKED
    for narrowed, expected in (
        ({}, everywhere),
        ({"registrar": "units/11"}, {here.name, asleep.name}),
        ({"registrar": "units/20"}, {there.name}),
        ({"registrar": "units/1"}, everywhere),
        ({"registrar": "units/-"}, set()),
        ({"states": [active]}, {here.name, there.name}),
        ({"states": [dormant]}, {asleep.name}),
        ({"states": [dormant, revoked]}, {asleep.name}),
        ({"states": [active, dormant]}, everywhere),
        ({"states": [dormant], "registrar": "units/11"}, {asleep.name}),
        ({"states": [dormant], "registrar": "units/1"}, {asleep.name}),
        ({"states": [active], "registrar": "units/20"}, {there.name}),
        ({"states": [revoked, dormant], "registrar": "units/20"}, set()),
    ):
        assert found(rencheng, text=word, **narrowed) == expected, narrowed
        assert found(rencheng, business_name=f"{word}店", **narrowed) == expected, narrowed
        assert found(rencheng, code=asleep.uscc, **narrowed) == expected & {asleep.name}


def test_unit_or_state_alone_is_a_criterion(registry: Registry) -> None:
    qufu = registry.as_(people.QUFU)
    entity = named(qufu, "试写店", address="济宁市曲阜市鲁城街道样例路9号")
    suspended(qufu, entity.name)
    dormant = [entity_pb2.ENTITY_STATE_DORMANT]
    answer = search(qufu, registrar="units/20", states=dormant, page_size=1000)
    assert entity.name in {result.entity.name for result in answer.results}
    assert {result.entity.registrar for result in answer.results} == {"units/20"}
    assert {result.entity.state for result in answer.results} == set(dormant)
    assert not any(result.matches for result in answer.results)
    assert entity.name in found(qufu, registrar="units/20", page_size=1000)
    assert entity.name in found(qufu, states=dormant, page_size=1000)


def test_all_criteria_must_fit(rencheng: Client) -> None:
    word, other = a_word(), a_word()
    entity = named(rencheng, f"{word}店", person=f"王{other}")
    assert why(rencheng, business_name=word, person=other) == [
        (NAME, f"{word}店"),
        (PERSON, f"王{other}"),
    ]
    assert found(rencheng, business_name=word, person=word) == set()
    assert found(rencheng, code=entity.uscc, person=other, text=word) == {entity.name}
    assert found(rencheng, code=entity.uscc, person=word) == set()
    assert found(rencheng, code=a_code(), business_name=word) == set()


@pytest.mark.parametrize(
    ("criteria", "field"),
    [
        ({}, "text"),
        ({"text": " "}, "text"),
        ({"basis": "核查", "page_size": 3}, "text"),
        ({"text": "王"}, "text"),
        ({"text": "试\0写"}, "text"),
        ({"text": "试" * 300}, "text"),
        ({"person": "王"}, "person"),
        ({"business_name": "店"}, "business_name"),
        ({"address": "济宁市"}, "address"),
        ({"code": "91370811"}, "code"),
        ({"registrar": "units/999"}, "registrar"),
        ({"registrar": "任城区"}, "registrar"),
        ({"states": [99]}, "states"),
        ({"states": [0]}, "states"),
        ({"name_match": 9, "text": "试写"}, "name_match"),
        ({"text": "试写", "page_size": -1}, "page_size"),
        ({"text": "试写", "basis": "据" * 300}, "basis"),
    ],
)
def test_a_search_that_asks_nothing_or_too_little_is_refused(
    rencheng: Client, criteria: dict[str, Any], field: str
) -> None:
    with invalid(field):
        search(rencheng, **criteria)


def test_all_pages_together_are_one_big_page(rencheng: Client) -> None:
    word = a_word()
    made = {named(rencheng, f"{word}{n}店").name for n in range(23)}
    one = [result.entity.name for result in search(rencheng, text=word, page_size=50).results]
    assert set(one) == made
    for size in (1, 4, 23):
        pages, token = [], ""
        while True:
            answer = search(rencheng, text=word, page_size=size, page_token=token)
            pages += [result.entity.name for result in answer.results]
            token = answer.next_page_token
            if not token:
                break
            assert len(answer.results) == size
        assert pages == one


def test_an_order_stays_when_others_come_and_go(rencheng: Client) -> None:
    word = a_word()
    for n in range(6):
        named(rencheng, f"{word}{n}店")
    first = search(rencheng, text=word, page_size=3)
    rest = [
        result.entity.name
        for result in search(
            rencheng, text=word, page_size=9, page_token=first.next_page_token
        ).results
    ]
    changed(rencheng, first.results[0].entity, business_name="改名店")
    named(rencheng, f"{word}新店")
    again = [
        result.entity.name
        for result in search(
            rencheng, text=word, page_size=9, page_token=first.next_page_token
        ).results
    ]
    assert [name for name in again if name in rest] == rest


def test_a_token_belongs_to_its_criteria(rencheng: Client) -> None:
    word = a_word()
    for n in range(3):
        named(rencheng, f"{word}{n}店")
    token = search(rencheng, text=word, page_size=1).next_page_token
    assert token
    search(rencheng, text=word, page_size=2, page_token=token)
    for other in (
        {"text": a_word()},
        {"business_name": word},
        {"text": word, "registrar": "units/11"},
        {"text": word, "states": [entity_pb2.ENTITY_STATE_ACTIVE]},
        {"text": word, "person": "试写"},
    ):
        with invalid("page_token"):
            search(rencheng, page_token=token, **other)
    for wrong in ("zzz" + a_code(), "000", 5, "0a7" + a_code().lower()):
        with invalid("page_token"):
            search(rencheng, text=word, page_token=token_of(query_in(token), wrong))


def test_every_entity_shown_leaves_a_trace_and_no_other(registry: Registry) -> None:
    word = a_word()
    rencheng = registry.as_(people.RENCHENG)
    made = [named(rencheng, f"{word}{n}店") for n in range(3)]
    auditor = registry.as_(people.AUDITOR)
    shown = search(auditor, text=word, page_size=2, basis="专项检查").results
    numbers = {registry.number_of(entity.uscc): entity.name for entity in made}
    traces = registry.rows(
        "SELECT entity_no, staff_no, basis FROM access"
        " WHERE entity_no = ANY (%s) AND method = 'SearchEntities'",
        list(numbers),
    )
    assert sorted(numbers[number] for number, _, _ in traces) == sorted(
        result.entity.name for result in shown
    )
    assert {trace[1:] for trace in traces} == {("0999", "专项检查")}


def test_officials_search_and_nobody_else(registry: Registry) -> None:
    entity = named(registry.as_(people.RENCHENG), f"{a_word()}店")
    for official in (people.QUFU_SUPERVISOR, people.AUDITOR, people.CITY, people.OPERATOR):
        assert found(registry.as_(official), code=entity.uscc) == {entity.name}
    for other in (people.BANK, people.VERIFY):
        with refused("ROLE_MISSING"):
            search(registry.as_(other), code=entity.uscc)
