"""Certificate, key and roots that the environment names, told by setting and file when wrong."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from clients import exits
from clients.cli.main import main
from clients.development.ca import Credential, DevelopmentCa

SUBJECT = "91370811MAJN000108"
# A certificate made by OpenSSL for this test.
SM2 = """\
-----BEGIN CERTIFICATE-----
MIIBbzCCARWgAwIBAgIULKF7/RIILBHgGw6GXLAmGR2INyEwCgYIKoEcz1UBg3Uw
DTELMAkGA1UEAwwCc20wHhcNMjYxMTI2MDkyOTUyWhcNMjYxMjA2MDkyOTUyWjAN
MQswCQYDVQQDDAJzbTBZMBMGByqGSM49AgEGCCqBHM9VAYItA0IABECat1EVZ/B/
1KM1WtGSRhCVSlXMe2Ex/KAXdEGK3imanqJ8z2aL0LfE7P4FA2bSgB/Qc//2yQ1b
3ESFcQAt6dujUzBRMB0GA1UdDgQWBBS2B2VsUuHGJPfkP8s2/eGjH/upFDAfBgNV
HSMEGDAWgBS2B2VsUuHGJPfkP8s2/eGjH/upFDAPBgNVHRMBAf8EBTADAQH/MAoG
CCqBHM9VAYN1A0gAMEUCIQCubjf7UmWHAkkvoeUaDV/f0kSvstbIsENvdzQ+IDeg
qwIgaqCGZSOSriRlODcoG2EukTd3qsfzVXQexMY8ZXL5E+c=
-----END CERTIFICATE-----
"""


@pytest.fixture
def tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Check a licence with these files, where nobody answers: exit code and what was said."""
    monkeypatch.setenv("YIZHAO_VERIFY", "127.0.0.1:1")

    def told(**files: Path) -> tuple[int, str]:
        for name in ("CERT", "KEY", "CA"):
            monkeypatch.delenv(f"YIZHAO_{name}", raising=False)
        for name, file in files.items():
            monkeypatch.setenv(f"YIZHAO_{name}", str(file))
        code = main(["--instance", str(tmp_path / "none"), "verify", SUBJECT])
        return code, capsys.readouterr().err.replace("\n", "")

    return told


def issued(folder: Path, name: str, at: datetime | None = None) -> Credential:
    now = at or datetime.now(UTC)
    return DevelopmentCa(folder, now=lambda: now).issue("partner", name)


@pytest.fixture
def mine(tmp_path: Path) -> dict[str, Path]:
    found = issued(tmp_path / "ours", "icbank")
    return {"CERT": found.cert, "KEY": found.key, "CA": found.ca}


def test_right_files_are_no_wrong_usage(
    tell: Callable[..., tuple[int, str]], mine: dict[str, Path]
) -> None:
    assert tell(**mine)[0] == exits.UNREACHABLE


@pytest.mark.parametrize(
    ("setting", "chinese", "english"),
    [
        ("CERT", "不是 PEM 证书", "holds no certificate"),
        ("KEY", "不是 PEM 私钥", "holds no private key"),
        ("CA", "不是 PEM 证书", "holds no certificate"),
    ],
)
def test_garbage_is_told_by_setting_and_file_and_is_no_unreachable_service(
    setting: str,
    chinese: str,
    english: str,
    tell: Callable[..., tuple[int, str]],
    mine: dict[str, Path],
    tmp_path: Path,
) -> None:
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("no certificate")
    code, said = tell(**mine | {setting: garbage})
    assert code == exits.USAGE
    assert f"YIZHAO_{setting} {garbage}：{chinese}" in said
    assert f"YIZHAO_{setting}: {garbage} {english}" in said
    code, said = tell(**mine | {setting: tmp_path / "none.pem"})
    assert (code, "找不到该文件或文件夹" in said) == (exits.REFUSED, True)


def test_a_key_of_another_certificate_is_told(
    tell: Callable[..., tuple[int, str]], mine: dict[str, Path], tmp_path: Path
) -> None:
    other = issued(tmp_path / "ours", "unicom").key
    code, said = tell(**mine | {"KEY": other})
    assert code == exits.USAGE
    assert f"YIZHAO_KEY {other}：与证书 {mine['CERT']} 不匹配" in said


def test_an_encrypted_key_is_told(
    tell: Callable[..., tuple[int, str]], mine: dict[str, Path], tmp_path: Path
) -> None:
    key = load_pem_private_key(mine["KEY"].read_bytes(), None)
    locked = tmp_path / "locked.pem"
    secret = BestAvailableEncryption(b"secret")
    locked.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))
    code, said = tell(**mine | {"KEY": locked})
    assert (code, "私钥已加密" in said) == (exits.USAGE, True)


def test_a_certificate_that_is_over_is_told(
    tell: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    old = issued(tmp_path / "old", "icbank", datetime.now(UTC) - timedelta(days=3_650))
    code, said = tell(CERT=old.cert, KEY=old.key, CA=old.ca)
    assert code == exits.USAGE
    assert "到期，请更换" in said
    assert f"{old.cert} has been over since {old.expires_at:%Y-%m-%d}" in said


def test_a_certificate_that_is_not_valid_yet_is_told(
    tell: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    new = issued(tmp_path / "new", "icbank", datetime.now(UTC) + timedelta(days=30))
    code, said = tell(CERT=new.cert, KEY=new.key, CA=new.ca)
    assert code == exits.USAGE
    assert "起生效" in said
    assert f"{new.cert} is not valid before" in said


def test_of_one_file_for_two_settings_both_are_named(
    tell: Callable[..., tuple[int, str]], mine: dict[str, Path]
) -> None:
    code, said = tell(**mine | {"KEY": mine["CERT"]})
    assert code == exits.USAGE
    assert f"YIZHAO_CERT and YIZHAO_KEY: {mine['CERT']} holds no private key" in said


def test_a_key_of_an_algorithm_that_is_not_supported_is_told(
    tell: Callable[..., tuple[int, str]], mine: dict[str, Path], tmp_path: Path
) -> None:
    sm2 = tmp_path / "sm2.pem"
    sm2.write_text(SM2, "ascii")
    code, said = tell(**mine | {"CERT": sm2})
    assert code == exits.USAGE
    assert f"YIZHAO_CERT {sm2}：密钥算法不受支持" in said


def test_a_certificate_without_its_key_and_roots_is_not_left_unused(
    tell: Callable[..., tuple[int, str]], mine: dict[str, Path]
) -> None:
    code, said = tell(CERT=mine["CERT"])
    assert code == exits.USAGE
    assert "请同时设置 YIZHAO_KEY、YIZHAO_CA" in said
