"""What a passer-by must not see (domain: privacy); the decisions stand in docs/page.md."""

from dataclasses import replace

import pytest

from license_verify.server.page.mask import MASK, masked
from tests.unit.page.laid_out import LICENCE, page, place, record
from tests.unit.verify.world import FACE, SITE, SITE_CLAIMS, USCC

HOME = "曲阜市鲁城街道样例街8号3单元501室"
TOWNSHIP = "曲阜市鲁城街道"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("钱试写 370811199003071234", f"钱试写 {MASK}"),
        ("钱试写37081119900307123X（公民身份号码）", f"钱试写{MASK}（公民身份号码）"),
        ("旧证370811900307123", f"旧证{MASK}"),
        ("样例路2号，电话13800001234", f"样例路2号，电话{MASK}"),
        ("138 0000 1234", MASK),
        ("138-0000-1234", MASK),
        ("0537-2345678转801", f"{MASK}转801"),
        ("样例路2号1-107号商铺", "样例路2号1-107号商铺"),
        ("样例路12345678901234567890号", "样例路12345678901234567890号"),
        ("壹佰万元整", "壹佰万元整"),
        ("100000000000元", "100000000000元"),
        ("", ""),
    ],
)
def test_id_and_telephone_numbers_are_replaced_and_nothing_else(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_numbers_of_persons_in_a_face_or_a_place_are_not_shown() -> None:
    face = replace(FACE, name="钱试写370811199003071234商店", address="样例路2号（13800001234）")
    live = record(premises=(place(3, "样例街3号 13900001234", name="0537-2345678号店"),))
    for query in ("", "site=3", "unit=20"):
        text = page(replace(LICENCE, face=face), live, query)
        assert USCC in text or query
        for number in ("370811199003071234", "13800001234", "13900001234", "2345678"):
            assert number not in text


def test_a_filed_home_is_shown_down_to_its_township() -> None:
    live = record(premises=(place(3), place(5, HOME, masked_address=TOWNSHIP, name=None)))
    for query in ("", "site=5", "unit=20"):
        text = page(live=live, query=query)
        assert TOWNSHIP in text
        assert "住宅，门牌不公开" in text
        assert "501室" not in text
        assert "样例街8号" not in text


def test_the_home_whose_own_code_was_scanned_is_compared_with_where_one_stands() -> None:
    claims = replace(SITE_CLAIMS, face=replace(SITE, address=HOME))
    live = record(premises=(place(7, HOME, masked_address=TOWNSHIP),))
    assert page(claims, live).count(HOME) == 2  # on the signed face, and among the places


HOUSEHOLD = replace(
    FACE, type_code=9500, name=None, capital=None, form="个人经营", address=HOME, person="钱试写"
)


def test_a_household_shows_its_signed_face_whole() -> None:
    """What the law prints on the wall, and what the digits in the address say anyway."""
    text = page(replace(LICENCE, face=HOUSEHOLD))
    assert HOME in text
    assert "钱试写" in text
    assert "经营者" in text


@pytest.mark.parametrize("type_code", [9500, 4540])
def test_a_site_does_not_lead_to_the_home_of_its_owner(type_code: int) -> None:
    live = record(type_code=type_code, address=HOME, person="钱试写")
    for query in ("", "firm"):
        text = page(SITE_CLAIMS, live, query)
        assert "501室" not in text
    assert "钱试写" in page(SITE_CLAIMS, live, "firm")


def test_an_unknown_type_is_taken_for_somebody_at_home() -> None:
    assert "501室" not in page(SITE_CLAIMS, record(type_code=None, address=HOME), "firm")
