"""The scan text, exactly as the profile has it."""

import pytest

from license_verify.token import digits, errors
from license_verify.token.scan import ScanText, is_host


@pytest.mark.parametrize(
    "text",
    [
        "https://yizhao.example.cn/123",
        "http://localhost:8080/123",
        "http://127.0.0.1/9",
        "https://127.0.0.1:8443/9",
        "http://[::1]:80/9",
    ],
)
def test_a_scan_text_is_read_and_written_alike(text: str) -> None:
    assert str(ScanText.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", errors.ScanRefused),
        ("12345", errors.ScanRefused),
        ("https://", errors.ScanRefused),
        ("https://yizhao.example.cn", errors.ScanRefused),
        ("HTTPS://yizhao.example.cn/1", errors.SchemeRefused),
        ("Https://yizhao.example.cn/1", errors.SchemeRefused),
        ("ftp://yizhao.example.cn/1", errors.SchemeRefused),
        ("http://yizhao.example.cn/1", errors.SchemeRefused),
        ("https://Yizhao.example.cn/1", errors.HostMalformed),
        ("https://yizhao.example.cn:443/1", errors.HostMalformed),
        ("http://localhost:99999/1", errors.HostMalformed),
        ("http://localhost:080/1", errors.HostMalformed),
        ("https://me@yizhao.example.cn/1", errors.HostMalformed),
        ("https://yizhao..cn/1", errors.HostMalformed),
        ("https://济宁.example.cn/1", errors.HostMalformed),
        ("https://yizhao.example.cn./1", errors.HostMalformed),
        ("https://yizhao.example.cn/", errors.DigitsMalformed),
        ("https://yizhao.example.cn/012", errors.DigitsMalformed),
        ("https://yizhao.example.cn/12a", errors.DigitsMalformed),
        ("https://yizhao.example.cn/12?x=1", errors.DigitsMalformed),
        ("https://yizhao.example.cn/12#", errors.DigitsMalformed),
        ("https://yizhao.example.cn/12/", errors.DigitsMalformed),
        ("https://yizhao.example.cn/12\n", errors.DigitsMalformed),
        ("https://yizhao.example.cn/12 ", errors.DigitsMalformed),
        ("https://yizhao.example.cn/１２", errors.DigitsMalformed),
        ("https://yizhao.example.cn/+12", errors.DigitsMalformed),
        ("https://yizhao.example.cn/1_2", errors.DigitsMalformed),
        (" https://yizhao.example.cn/12", errors.SchemeRefused),
        ("https://yizhao.example.cn/" + "1" * 1_000_000, errors.ScanTooLong),
    ],
)
def test_every_other_text_is_refused_by_name(text: str, error: type[errors.ScanRefused]) -> None:
    with pytest.raises(error) as caught:
        ScanText.parse(text)
    assert type(caught.value) is error
    assert caught.value.zh


@pytest.mark.parametrize(
    ("text", "system"),
    [
        (
            "https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?showType=p"
            "&serial=91330106673959654P-SAIC_SHOW_10000091330106673959654P1600000000000"
            "&signData=MEUCIQ==",
            "e-licence",
        ),
        ("http://www.gsxt.gov.cn/index.html", "publicity"),
        ("https://www.gsxt.gov.cn/12345", "publicity"),
        ("HTTP://GSXT.GOV.CN", "publicity"),
        ("91330106673959654P-SAIC_SHOW_1000001600000000000", "e-licence"),
    ],
)
def test_codes_of_the_national_systems_are_recognised(text: str, system: str) -> None:
    with pytest.raises(errors.ForeignCode) as caught:
        ScanText.parse(text)
    assert caught.value.metadata["system"] == system


def test_a_host_that_only_looks_national_is_not_taken_for_it() -> None:
    assert ScanText.parse("https://gsxt.gov.cn.example.com/1").host == "gsxt.gov.cn.example.com"
    assert not is_host("a" * 64 + ".cn")


def test_digits_carry_every_byte_and_have_a_limit() -> None:
    data = bytes(range(1, 256)) + b"\x00" * 100
    assert digits.decode(digits.encode(data)) == data
    with pytest.raises(errors.DigitsTooMany):
        digits.decode("1" * 1601)
    with pytest.raises(errors.DigitsTooMany):
        digits.encode(b"\xff" * 665)
    with pytest.raises(errors.DigitsTooMany):
        digits.encode(b"\x01" * 666)
    with pytest.raises(errors.DigitsMalformed):
        digits.encode(b"\x00\x01")
