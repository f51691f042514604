"""Paths and settings, without a server."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify.rpc.settings import ConfigRefused
from license_verify.server.page.address import digits_of
from license_verify.server.page.notice import Notice
from tests.e2e.page.node import settings
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import World


@given(st.binary(max_size=3000))
def test_any_path_is_digits_or_a_page_that_says_why_not(path: bytes) -> None:
    found = digits_of(b"/" + path)
    if isinstance(found, Notice):
        assert 400 <= found.status < 500
    else:
        assert found.encode() == path
        assert found.isascii()
        assert found.isdigit()
        assert len(found) <= 1600


@given(st.integers(1, 10**1600 - 1))
def test_digits_are_passed_on_as_they_are(number: int) -> None:
    assert digits_of(f"/{number}".encode()) == str(number)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PLAIN_HTTP": "true", "ENVIRONMENT": "production"}, "PLAIN_HTTP"),
        ({"ENVIRONMENT": "production"}, "DATABASE_URL"),
        ({"PLAIN_HTTP": "true", "HTTPS_LISTEN": "0.0.0.0:0"}, "PLAIN_HTTP"),
        ({"HTTPS_CERT": None}, "HTTPS_CERT"),
        ({"LISTEN": "localhost"}, "LISTEN"),
        ({"LISTEN": "localhost:99999"}, "LISTEN"),
        ({"TRUST_DOMAIN": "Jining"}, "TRUST_DOMAIN"),
        ({"WORKERS": "0"}, "WORKERS"),
        ({"TLS_KEY": "/nowhere/key.pem"}, "TLS_KEY"),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    tmp_path: Path, authorities: Authorities, changes: dict[str, str | None], words: str
) -> None:
    with pytest.raises(ConfigRefused, match=words):
        settings(tmp_path, authorities, World(), "127.0.0.1:1", **changes)
