"""Settings are typed, named when they are wrong, and stricter in production."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clients.development.ca import DevelopmentCa
from license_verify.rpc.settings import ConfigRefused
from registry_service.config import INVENTED_ISSUER, Config
from registry_service.domain.key import KeyUse


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A whole development configuration in the environment."""
    authority = DevelopmentCa(tmp_path, now=lambda: datetime.now(UTC))
    own = authority.issue("service", "registry")
    settings = {
        "DATABASE_URL": "postgresql:///none",
        "TLS_CERT": own.cert,
        "TLS_KEY": own.key,
        "KEYS": tmp_path / "keys",
        "HOST": "localhost:8443",
        "ENVIRONMENT": "development",
        "TRUST_DOMAIN": "jining.yizhao.test",
    }
    for name in ("officials", "partners", "services"):
        authority.roots(name)
        settings[f"{name.upper()}_CA"] = tmp_path / "ca" / name / "cert.pem"
    for key, value in settings.items():
        monkeypatch.setenv(f"YIZHAO_REGISTRY_{key}", str(value))
    return monkeypatch


def test_a_whole_configuration_is_read(told: pytest.MonkeyPatch) -> None:
    assert Config.load().host == "localhost:8443"


def test_what_is_missing_and_what_is_wrong_are_named_together(told: pytest.MonkeyPatch) -> None:
    told.delenv("YIZHAO_REGISTRY_HOST")
    told.setenv("YIZHAO_REGISTRY_WORKERS", "many")
    with pytest.raises(ConfigRefused, match=r"YIZHAO_REGISTRY_WORKERS.*HOST|HOST.*WORKERS"):
        Config.load()


def test_production_refuses_the_development_authority_by_name(told: pytest.MonkeyPatch) -> None:
    told.setenv("YIZHAO_REGISTRY_ENVIRONMENT", "production")
    told.setenv("YIZHAO_REGISTRY_HOST", "zz.jining.example")
    with pytest.raises(ConfigRefused, match=r"OFFICIALS_CA.*development CA"):
        Config.load()


def test_production_refuses_keys_that_lie_open(told: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_production(told, tmp_path)
    told.setenv("YIZHAO_REGISTRY_HOST", "zz.jining.example")
    told.setenv("YIZHAO_REGISTRY_ISSUER_CODES", f'{{"1": "{INVENTED_ISSUER}"}}')
    with pytest.raises(ConfigRefused, match=r"KEYS_PASSPHRASE is missing.*keys encrypt"):
        Config.load()
    file = tmp_path / "passphrase"
    file.write_text("a long passphrase\n")
    told.setenv("YIZHAO_REGISTRY_KEYS_PASSPHRASE_FILE", str(file))
    assert Config.load().key_places().passphrase == b"a long passphrase"
    told.setenv("YIZHAO_REGISTRY_KEYS_PASSPHRASE", "another")
    with pytest.raises(ConfigRefused, match="both given"):
        Config.load()
    told.delenv("YIZHAO_REGISTRY_KEYS_PASSPHRASE")
    file.write_text("\n")
    with pytest.raises(ConfigRefused, match="is empty"):
        Config.load().key_places()


def test_an_hsm_wants_a_token_and_a_pin(told: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "module.so").write_bytes(b"")
    told.setenv("YIZHAO_REGISTRY_HSM_MODULE", str(tmp_path / "module.so"))
    with pytest.raises(ConfigRefused, match="HSM_TOKEN is missing"):
        Config.load()
    told.setenv("YIZHAO_REGISTRY_HSM_TOKEN", "yizhao")
    with pytest.raises(ConfigRefused, match="HSM_PIN"):
        Config.load()
    told.setenv("YIZHAO_REGISTRY_HSM_PIN", "a-secret-pin")
    told.setenv("YIZHAO_REGISTRY_HSM_USES", '["token", "root"]')
    config = Config.load()
    hsm = config.key_places().hsm_settings
    assert hsm is not None
    assert (hsm.token, hsm.pin, hsm.seconds) == ("yizhao", "a-secret-pin", 5.0)
    assert hsm.uses == {KeyUse.TOKEN, KeyUse.ROOT}
    assert "a-secret-pin" not in repr(config)
    told.setenv("YIZHAO_REGISTRY_HSM_USES", '["stamp"]')
    with pytest.raises(ConfigRefused, match="HSM_USES"):
        Config.load()


def test_the_file_gives_what_the_environment_does_not(
    told: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told.delenv("YIZHAO_REGISTRY_HOST")
    file = tmp_path / "yizhao.toml"
    file.write_text('[registry]\nhost = "zz.jining.example"\nworkers = 3\n', "utf-8")
    told.setenv("YIZHAO_CONFIG", str(file))
    told.setenv("YIZHAO_REGISTRY_WORKERS", "5")
    config = Config.load()
    assert (config.host, config.workers) == ("zz.jining.example", 5)


def test_a_misspelt_setting_in_the_file_is_refused_by_name(
    told: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "yizhao.toml"
    file.write_text("[registry]\nworkres = 3\n", "utf-8")
    told.setenv("YIZHAO_CONFIG", str(file))
    with pytest.raises(ConfigRefused, match="WORKRES"):
        Config.load()


def test_a_file_that_cannot_be_read_is_named(told: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told.setenv("YIZHAO_CONFIG", str(tmp_path / "missing.toml"))
    with pytest.raises(ConfigRefused, match=r"missing\.toml"):
        Config.load()


def test_a_loopback_host_is_not_for_production(told: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_production(told, tmp_path)
    told.setenv("YIZHAO_REGISTRY_KEYS_PASSPHRASE", "a long passphrase")
    with pytest.raises(ConfigRefused, match="HOST"):
        Config.load()
    told.setenv("YIZHAO_REGISTRY_HOST", "zz.jining.example")
    with pytest.raises(ConfigRefused, match="ISSUER_CODES names no authority for unit 1"):
        Config.load()
    told.setenv("YIZHAO_REGISTRY_ISSUER_CODES", f'{{"1": "{INVENTED_ISSUER}"}}')
    assert Config.load().environment == "production"


@pytest.mark.parametrize(
    "wrong", ['{"1": "91370811MAJN000109"}', '{"任城区": "x"}', '["x"]', "11370800MAJN90001A"]
)
def test_a_wrong_code_of_an_issuer_is_refused_by_name(told: pytest.MonkeyPatch, wrong: str) -> None:
    told.setenv("YIZHAO_REGISTRY_ISSUER_CODES", wrong)
    with pytest.raises(ConfigRefused, match=r"(?i)issuer_codes"):
        Config.load()


def test_an_invented_authority_issues_where_no_other_is_named(told: pytest.MonkeyPatch) -> None:
    assert Config.load().issuer_codes == {1: INVENTED_ISSUER}


def in_production(told: pytest.MonkeyPatch, folder: Path) -> None:
    """Say that it is, with certificates of a city's own."""
    told.setenv("YIZHAO_REGISTRY_ENVIRONMENT", "production")
    (folder / "own.pem").write_bytes(a_certificate("Jining"))
    for name in ("OFFICIALS_CA", "PARTNERS_CA", "SERVICES_CA", "TLS_CERT"):
        told.setenv(f"YIZHAO_REGISTRY_{name}", str(folder / "own.pem"))


def a_certificate(organization: str) -> bytes:
    """A self-signed certificate, PEM."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("given", "listens"),
    [("9464", "127.0.0.1:9464"), ("10.0.0.5:9464", "10.0.0.5:9464"), ("[::1]:0", "[::1]:0")],
)
def test_metrics_are_told_on_loopback_unless_an_address_is_given(
    told: pytest.MonkeyPatch, given: str, listens: str
) -> None:
    assert Config.load().metrics_listen is None
    told.setenv("YIZHAO_REGISTRY_METRICS_LISTEN", given)
    assert Config.load().metrics_listen == listens


@pytest.mark.parametrize("wrong", ["", "metrics", "127.0.0.1:", "127.0.0.1:99999", ":9464"])
def test_a_wrong_address_of_metrics_is_refused_by_name(
    told: pytest.MonkeyPatch, wrong: str
) -> None:
    told.setenv("YIZHAO_REGISTRY_METRICS_LISTEN", wrong)
    with pytest.raises(ConfigRefused, match="YIZHAO_REGISTRY_METRICS_LISTEN"):
        Config.load()
