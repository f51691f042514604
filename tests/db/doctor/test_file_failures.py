"""Files, clock and ports: each failure caused, each with cause and next command."""

import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from clients import exits
from registry_service.issuing.keys import create_missing, encrypt
from tests.db.doctor.installation import Installation
from tests.hsm import soft_hsm

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_full_disk(installed: Installation) -> None:
    """Fuller than it should be, that is: more is asked for than any disk of ours has."""
    said = installed.doctor("--spare", str(1 << 40))
    assert said.outcomes("disk") == {"fail"}
    found = next(each for each in said.findings if "cache" in each["looked_at"])
    assert "full" in found["en"]
    assert found["next"].startswith("du ")


_ON_A_FULL_DISK = """
mount -t tmpfs -o size=64k none {folder} && exec {python} -m clients.cli --json \
    --instance {folder}/none doctor
"""


def test_a_disk_that_has_no_room_left(installed: Installation) -> None:
    installed.cache.mkdir()
    environ = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PYTHONPATH": ":".join(sys.path)}
    script = _ON_A_FULL_DISK.format(folder=installed.cache, python=sys.executable)
    done = subprocess.run(
        ["/usr/bin/env", "unshare", "--map-root-user", "--mount", "sh", "-c", script],
        env=environ | installed.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if "findings" not in done.stdout:
        pytest.skip(f"this machine lets nobody mount a small disk: {done.stderr.strip()[-200:]}")
    assert done.returncode == exits.REFUSED
    assert "磁盘已满或将满：仅余 0 MiB" in done.stdout


def test_a_certificate_that_has_expired(installed: Installation) -> None:
    installed.certify(begun=2 * DAY, life=DAY)
    found = installed.doctor().wrong("certificates")
    assert (found["outcome"], "expired on" in found["en"]) == ("fail", True)
    assert "到期" in found["zh"]
    assert found["next"] == "yizhao registry serve"


def test_a_certificate_that_expires_soon(installed: Installation) -> None:
    installed.certify(begun=10 * DAY, life=10 * DAY + HOUR)
    found = installed.doctor().wrong("certificates")
    assert (found["outcome"], "it expires on" in found["en"]) == ("warn", True)


def test_a_certificate_with_another_key(installed: Installation) -> None:
    other = installed.certificates.issue("service/verify")
    installed.set("registry", tls_key=other.key)
    assert "another one than the certificate's" in installed.doctor().wrong("certificates")["en"]


def test_a_certificate_of_another_authority(installed: Installation) -> None:
    installed.certify("partners", begun=HOUR, life=90 * DAY)
    found = installed.doctor().wrong("certificates")
    assert "no authority in" in found["en"]
    assert "SERVICES_CA" in found["zh"]


def test_a_certificate_of_another_trust_domain(installed: Installation) -> None:
    installed.certify(domain="elsewhere.yizhao.test", begun=HOUR, life=90 * DAY)
    assert "elsewhere.yizhao.test" in installed.doctor().wrong("certificates")["en"]


def test_a_certificate_that_is_not_there(installed: Installation, tmp_path: Path) -> None:
    installed.set("registry", tls_cert=tmp_path / "gone.pem")
    said = installed.doctor()
    assert "no such file" in said.wrong("certificates")["en"]
    assert "YIZHAO_REGISTRY_TLS_CERT" in said.wrong("settings")["en"]


def test_a_clock_behind_signed_data(installed: Installation) -> None:
    installed.saw(7, later=HOUR)
    found = installed.doctor().wrong("clock")
    assert "CLOCK_BEHIND_DATA" in found["en"]
    assert found["next"] == "timedatectl status"


def test_a_port_that_another_program_has(installed: Installation) -> None:
    host, _, port = installed.environ["YIZHAO_REGISTRY_LISTEN"].rpartition(":")
    with socket.create_server((host, int(port))):
        said = installed.doctor()
    found = next(each for each in said.findings if each["looked_at"] == f"registry {host}:{port}")
    assert (found["outcome"], "another program" in found["en"]) == ("fail", True)
    assert port in found["next"]


def test_a_service_that_does_not_run(installed: Installation) -> None:
    said = installed.doctor()
    stopped = {each["next"] for each in said.findings if each["check"] == "ports"}
    assert stopped == {"yizhao registry serve", "yizhao verify serve"}
    assert said.wrong("registry-link")["outcome"] == "warn"


def test_a_service_that_was_not_started_again_after_its_certificate_was_replaced(
    installed: Installation,
) -> None:
    with installed.serving():
        installed.certify(begun=HOUR, life=90 * DAY)
        said = installed.doctor()
    found = next(each for each in said.findings if each["looked_at"].startswith("registry 127"))
    assert (found["outcome"], "start it again" in found["en"]) == ("warn", True)


def test_a_key_folder_that_is_open_to_others(installed: Installation) -> None:
    installed.keys.chmod(0o755)
    found = installed.doctor().wrong("keys")
    assert "others than the owner" in found["en"]
    assert found["next"] == f"chmod -R go-rwx {installed.keys}"


def test_a_passphrase_that_is_missing_or_wrong(installed: Installation, tmp_path: Path) -> None:
    create_missing(tmp_path / "sealed", b"right-passphrase")
    installed.set("registry", keys=tmp_path / "sealed")
    assert "PASSPHRASE is wrong or not set" in installed.doctor().wrong("keys")["en"]
    installed.set("registry", keys_passphrase="wrong-passphrase")
    said = installed.doctor()
    assert "PASSPHRASE is wrong or not set" in said.wrong("keys")["en"]
    assert "wrong-passphrase" not in said.text


def test_a_key_in_use_that_is_gone(installed: Installation) -> None:
    (key,) = installed.keys.glob("token-*.pem")
    key.unlink()
    found = installed.doctor().wrong("keys")
    assert key.stem.removeprefix("token-") in found["en"]
    assert "backup" in found["en"]


def test_a_key_folder_that_is_gone_is_never_made_anew(installed: Installation) -> None:
    installed.set("registry", keys=installed.folder / "gone")
    found = installed.doctor().wrong("keys")
    assert "copy it back from its backup" in found["en"]
    assert "init" not in found["next"]


def test_a_bundle_that_is_damaged(installed: Installation) -> None:
    with installed.serving():
        installed.fetch()
    bundle = installed.cache / "bundle.cbor"
    bundle.write_bytes(bundle.read_bytes()[:-9])
    found = installed.doctor().wrong("verifier")
    assert "not believed" in found["en"]
    assert found["next"] == "yizhao verify serve"


def test_a_setting_that_is_missing_is_named(installed: Installation) -> None:
    del installed.environ["YIZHAO_VERIFY_CACHE"]
    assert "YIZHAO_VERIFY_CACHE" in installed.doctor().wrong("settings")["en"]


def test_a_key_that_lies_open_though_a_passphrase_is_set(installed: Installation) -> None:
    installed.set("registry", keys_passphrase="right-passphrase")
    found = installed.doctor().wrong("keys")
    assert "unencrypted" in found["en"]
    assert found["next"] == f"yizhao keys encrypt {installed.keys}"


def test_a_passphrase_in_a_file(installed: Installation, tmp_path: Path) -> None:
    encrypt(installed.keys, None, b"right-passphrase")
    (tmp_path / "passphrase").write_text("right-passphrase\n")
    installed.set("registry", keys_passphrase_file=tmp_path / "passphrase")
    assert "keys" not in failing(installed)


def test_a_root_that_is_kept_elsewhere_is_no_fault(installed: Installation) -> None:
    (root,) = installed.keys.glob("root-*.pem")
    root.unlink()
    assert "keys" not in failing(installed)


def test_an_hsm_that_does_not_open(installed: Installation, tmp_path: Path) -> None:
    with soft_hsm(tmp_path / "hsm") as hsm:
        installed.set("registry", hsm_module=hsm.module, hsm_token="no-such", hsm_pin="right-pin")
        installed.environ["SOFTHSM2_CONF"] = str(hsm.conf)
        said = installed.doctor()
    found = said.wrong("hsm")
    assert "NoSuchToken" in found["en"]
    assert "right-pin" not in said.text


def failing(installed: Installation) -> set[str]:
    """The checks that found a failure."""
    findings = installed.doctor().findings
    return {each["check"] for each in findings if each["outcome"] == "fail"}
