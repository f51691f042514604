"""Faces that fit a symbol, and what gives way when they do not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from license_verify.token.claims import Claims
from license_verify.token.face import LicenseFace, SiteFace, digest
from registry_service.domain.address import address_of
from registry_service.domain.capital import Capital
from registry_service.domain.entity import COUNTER, Entity, EntityState, EntityVersion, Face
from registry_service.domain.errors import FaceIncomplete, UnitUnclear
from registry_service.domain.premises import Premises, PremisesState, Site
from registry_service.issuing.capacity import LARGEST_VERSION, WANTED_VERSION, version_of
from registry_service.issuing.errors import FaceTooLong
from registry_service.issuing.face import license_face
from registry_service.issuing.intent import Intent, claims_of, license_claims, site_claims

HOST = "zz.jining.example"
NOW = datetime(2026, 3, 2, 1, 0, 0, 250_000, tzinfo=UTC)


def an_entity(registrar: int | None = 11, **changed: Any) -> Entity:
    face = Face(
        business_name="济宁市青禾物流有限公司",
        type_code=1130,
        person="测试甲",
        address=address_of("山东省济宁市任城区阜桥街道试验路2号"),
        capital=Capital.parse("100万元人民币"),
        establish_date=date(2023, 5, 4),
        scope="一般项目：普通货物仓储服务。",
    )
    version = EntityVersion(
        3,
        replace(face, **changed),
        registrar,
        date(2026, 3, 1),
        NOW,
        COUNTER,
    )
    return Entity(7, "91370811MAJN000108", EntityState.ACTIVE, registrar, 5, version, NOW, NOW)


def claims(entity: Entity) -> Claims:
    return license_claims(entity, HOST, (0, 5), NOW)


def licence(entity: Entity) -> LicenseFace:
    face = claims(entity).face
    assert isinstance(face, LicenseFace)
    return face


def test_a_typical_face_is_shown_whole() -> None:
    face = licence(an_entity())
    assert face.address == "山东省济宁市任城区阜桥街道试验路2号"
    assert face.address_digest is None
    assert face.approved == date(2026, 3, 1)
    assert face.scope_digest == digest("一般项目：普通货物仓储服务。")
    version = version_of(claims(an_entity()), HOST)
    assert version is not None
    assert version <= 16


def test_a_long_address_goes_first() -> None:
    address = "山东省济宁市任城区阜桥街道" + "试验路２号附楼" * 14
    face = licence(an_entity(address=address_of(address)))
    assert (face.address, face.address_digest) == (None, digest(address))
    assert face.name_digest is None
    assert (version_of(claims(an_entity(address=address_of(address))), HOST) or 99) <= 18


def test_a_long_name_goes_next() -> None:
    name = "济宁市" + "青禾" * 47 + "公司"
    entity = an_entity(
        business_name=name,
        person="测试" * 12,
        address=address_of("任城区阜桥街道试验路2号" + "附楼" * 60),
    )
    face = licence(entity)
    assert (face.name, face.name_digest) == (name[:40], digest(name))
    assert face.address is None


def test_at_worst_the_symbol_grows() -> None:
    entity = an_entity(
        business_name="济宁市" + "青禾" * 47 + "公司",
        person="测" * 60,
        address=address_of("任城区阜桥街道试验路2号" + "附楼" * 60),
    )
    version = version_of(claims(entity), HOST)
    assert version is not None
    assert WANTED_VERSION < version <= LARGEST_VERSION


def test_beyond_the_largest_symbol_the_face_is_refused() -> None:
    entity = an_entity(
        business_name="济" * 100, person="测" * 100, capital=Capital("万" * 64, None, None)
    )
    with pytest.raises(FaceTooLong):
        claims(entity)


def test_a_term_ends_with_its_last_day_in_beijing() -> None:
    end = claims(an_entity(term_end_date=date(2043, 5, 3))).expires_at
    assert end == datetime(2043, 5, 3, 16, tzinfo=UTC)


def test_times_are_whole_seconds() -> None:
    assert claims(an_entity()).issued_at == NOW.replace(microsecond=0)


def test_a_household_may_lack_a_name_and_shows_its_form() -> None:
    face = licence(
        an_entity(business_name="", type_code=9500, organization_form="个人经营", capital=None)
    )
    assert (face.name, face.form, face.capital) == (None, "个人经营", None)


def test_a_branch_has_no_capital_on_its_face() -> None:
    assert licence(an_entity(type_code=2130)).capital is None


def test_an_unclear_registrar_can_not_be_printed() -> None:
    with pytest.raises(UnitUnclear):
        license_face(an_entity(registrar=None))


def test_missing_items_are_listed() -> None:
    with pytest.raises(FaceIncomplete) as refused:
        license_face(an_entity(person="", scope=""))
    assert refused.value.metadata["items"] == "person,scope"


def test_a_site_names_its_firm_by_code_and_its_supervisor() -> None:
    site = Site("曲阜试验店", address_of("曲阜市鲁城街道试验路8号"))
    premises = Premises(7, 2, PremisesState.LIVE, 1, site, 20, 1, date(2026, 3, 2), 1, NOW, COUNTER)
    said = site_claims(an_entity(), premises, HOST, (0, 6), NOW)
    assert said.subject == "91370811MAJN000108-2"
    assert isinstance(said.face, SiteFace)
    assert (said.face.supervisor, said.face.registrar) == (20, 11)
    assert said.face.approved == date(2026, 3, 2)
    assert said.expires_at is None


def test_a_stored_intent_says_what_it_was_made_of() -> None:
    said = claims(an_entity())
    assert claims_of(Intent.of(said, bytes(8)).to_be_signed) == said
