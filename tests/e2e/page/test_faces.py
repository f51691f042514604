"""A face is titled as a licence of its kind titles it (domain: items of the face)."""

from dataclasses import replace
from datetime import date

import pytest

from license_verify import Trust, verify
from license_verify.server.page.view import View, view_of
from license_verify.token.claims import Claims, end_of
from license_verify.token.face import LicenseFace
from tests.unit.verify.world import CLAIMS, FACE, NOW, SITE_CLAIMS, World


def view(claims: Claims) -> View:
    world = World()
    return view_of(verify(world.scan(claims), world.trust(), NOW), None)


def lines(face: LicenseFace) -> dict[str, str]:
    return {item.title.zh: item.value for item in view(replace(CLAIMS, face=face)).face}


@pytest.mark.parametrize(
    ("type_code", "person", "capital", "address"),
    [
        (1130, "法定代表人", "注册资本", "住所"),
        (3100, "法定代表人", "出资额", "住所"),
        (4531, "执行事务合伙人", "出资额", "主要经营场所"),
        (4540, "投资人", "出资额", "住所"),
        (9100, "法定代表人", "出资额", "住所"),
        (2130, "负责人", None, "经营场所"),
        (9500, "经营者", None, "经营场所"),
    ],
)
def test_each_kind_has_its_own_titles(
    type_code: int, person: str, capital: str | None, address: str
) -> None:
    found = lines(replace(FACE, type_code=type_code, capital="伍拾万元整" if capital else None))
    assert found[person] == FACE.person
    assert found[address] == FACE.address
    assert capital is None or found[capital] == "伍拾万元整"
    assert not {"注册资本", "出资额"} & found.keys() - {capital}


def test_a_household_shows_its_form_and_may_lack_a_name() -> None:
    found = lines(replace(FACE, type_code=9500, name=None, capital=None, form="个人经营"))
    assert found["组成形式"] == "个人经营"
    assert "名称" not in found
    assert "类型" not in found


def test_a_term_shows_its_last_day() -> None:
    face = replace(FACE, term_start=date(2019, 5, 6))
    claims = replace(CLAIMS, face=face, expires_at=end_of(date(2039, 5, 5)))
    found = {item.title.zh: item.value for item in view(claims).face}
    assert found["营业期限"] == "2019年5月6日至2039年5月5日"


def test_a_shortened_face_says_what_is_missing() -> None:
    long = replace(FACE, name="济宁市" + "试写" * 20 + "有限公司")
    short = long.with_name_shortened().with_address_digest()
    notes = {item.title.zh: item.note.zh for item in view(replace(CLAIMS, face=short)).face}
    assert notes["名称"] == "名称过长，仅示前40字"
    assert notes["住所"] == "见备案信息"


def test_every_title_has_its_english() -> None:
    for claims in (CLAIMS, SITE_CLAIMS, replace(CLAIMS, face=replace(FACE, copy=2))):
        assert all(item.title.en for item in view(claims).face)


def test_without_a_passed_signature_a_view_has_no_face() -> None:
    assert view_of(verify(World().scan(), Trust.missing(), NOW), None).face == ()
