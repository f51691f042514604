"""Keys by commands: two custodians, a rotation, the ceremony, and a root that changes."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clients.local.control import wait_until
from clients.sample.codes import uscc
from license_verify.server.roots import read_roots
from license_verify.token.cose import kid_of
from registry_service.ceremony.practice import draft_for
from registry_service.domain.key import KeyUse
from registry_service.issuing.hsm import Hsm
from registry_service.issuing.keys import is_encrypted
from tests.e2e.cli.instance import Yizhao
from tests.e2e.cli.terminal import at_terminal
from tests.hsm import soft_hsm

ONE, OTHER, HOME, AUDITOR = ("--as", "0701"), ("--as", "0702"), ("--as", "0101"), ("--as", "0999")
WHY = ("--reason", "年度更换")
PRESENT = ("--present", "金守钥", "--present", "柯慎言")


@pytest.fixture
def yizhao(tmp_path: Path) -> Iterator[Yizhao]:
    """An instance of its own for each test: its keys change."""
    made = Yizhao(tmp_path)
    made.start()
    yield made
    assert made.end(signal.SIGINT)[0] == 0
    made.remove()


def keys_of(yizhao: Yizhao, use: str, state: str) -> list[str]:
    """Kids of a use in a state."""
    return [
        key["name"].removeprefix("keys/")
        for key in yizhao.ask(*ONE, "keys", "list")["keys"]
        if (key["use"], key["state"]) == (f"KEY_USE_{use}", f"KEY_STATE_{state}")
    ]


def confirmed(yizhao: Yizhao, *words: str) -> Any:
    """What one asked for, once the other confirmed it."""
    asked = yizhao.ask(*ONE, "keys", *words, *WHY)
    number = asked["name"].removeprefix("keyActs/")
    return yizhao.ask(*OTHER, "keys", "confirm", number, "--expect", asked["subject"])


def licence(yizhao: Yizhao, number: int) -> str:
    """The scan text of a new firm's licence."""
    code = uscc("91", "370811", number)
    yizhao.run(
        *HOME, "entity", "register", code, "--name", f"济宁市试钥{number}号有限公司",
        "--type", "1130", "--person", "钱试写", "--capital", "500万元人民币",
        "--address", f"山东省济宁市任城区阜桥街道样例路{number}号",
        "--established", "2024-03-18", "--scope", "一般项目：国内货物运输代理",
    )  # fmt: skip
    yizhao.run(*HOME, "license", "issue", code)
    scan: str = yizhao.ask(*HOME, "license", "get", code)["scan_text"]
    return scan


def valid(yizhao: Yizhao, *scans: str) -> bool:
    return wait_until(lambda: all(yizhao.outcome(scan) == "VALID" for scan in scans), 60)


def test_a_key_rotates_by_commands_and_licences_of_both_are_good(yizhao: Yizhao) -> None:
    before = licence(yizhao, 501)
    said = yizhao.run(*ONE, "keys", "rotate", "token", *WHY).out
    assert "yizhao keys confirm" in said
    (act, *_) = yizhao.ask(*OTHER, "keys", "acts")["key_acts"]
    number = act["name"].removeprefix("keyActs/")
    yizhao.run(*ONE, "keys", "confirm", number, "--expect", "token", exits=1)
    screen = at_terminal(yizhao, *OTHER, "keys", "confirm", number, answers=["token"])
    assert screen.code == 0, screen.screen
    assert "生成密钥" in screen.screen
    (kid,) = keys_of(yizhao, "TOKEN", "NEXT")
    early = yizhao.run(*ONE, "keys", "rotate", "token", *WHY, exits=1).err
    assert "KEY_NOT_ANNOUNCED" in early
    assert "yizhao keys list" in early
    confirmed(yizhao, "activate", kid, "--now")
    assert keys_of(yizhao, "TOKEN", "ACTIVE") == [kid]
    assert valid(yizhao, before, licence(yizhao, 502))
    (retired,) = keys_of(yizhao, "TOKEN", "RETIRED")
    listed = yizhao.run(*AUDITOR, "keys", "documents", retired).out.split()
    assert len(listed) == 1
    assert "/licenses/1" in listed[0]
    assert "使用中" in yizhao.run(*ONE, "keys", "list").out
    assert "启用密钥（提前）" in yizhao.run(*ONE, "keys", "acts").out

    asked = yizhao.ask(*ONE, "keys", "create", "receipt", *WHY)
    number = asked["name"].removeprefix("keyActs/")
    yizhao.run(*OTHER, "keys", "refuse", number, "--reason", "尚不需要")
    assert keys_of(yizhao, "RECEIPT", "NEXT") == []
    wrong = yizhao.run(*ONE, "keys", "create", "root", *WHY, exits=2).err
    assert "签署仪式" in wrong


def test_the_root_moves_into_a_vault_and_changes_by_ceremonies(yizhao: Yizhao) -> None:
    folder = yizhao.folder
    before = licence(yizhao, 503)
    yizhao.run("registry", "stop")
    vault = folder / "vault"
    vault.mkdir(mode=0o700)
    for path in (folder / ".yizhao" / "keys").glob("root-*.pem"):
        path.rename(vault / path.name)
    (folder / "pass").write_text("a long passphrase\n")
    passphrase = ("--passphrase-file", str(folder / "pass"))
    yizhao.run("keys", "encrypt", str(vault), *passphrase)
    assert is_encrypted(vault)
    yizhao.run("registry", "start")

    confirmed(yizhao, "create", "status")
    assert yizhao.ask(*ONE, "keys", "list")["ceremony_due"]
    drafted = yizhao.ask(*ONE, "keys", "ceremony", "draft", "--out", "draft.json")
    offline = ("keys", "ceremony", "sign", "draft.json", *PRESENT, "--folder", str(vault))
    yizhao.run(*offline, *passphrase, "--expect", "00000000", exits=1)
    assert not (folder / "draft.json.signed").exists()
    yizhao.run(
        *offline, *passphrase, "--expect", drafted["sha256"][:8],
        "--new-root", str(folder / "next-vault"), "--new-passphrase-file", str(folder / "pass"),
    )  # fmt: skip
    assert is_encrypted(folder / "next-vault")
    yizhao.run(*ONE, "keys", "ceremony", "import", "draft.json.signed")
    assert not yizhao.ask(*ONE, "keys", "list").get("ceremony_due", False)
    assert valid(yizhao, before, licence(yizhao, 504))  # the verifier still pins the first root

    pinned = folder / ".yizhao" / "keys" / "root.pub.pem"
    verify = ("keys", "transcript", "verify", "draft.json.transcript")
    told = yizhao.ask(*verify, "--root", str(pinned))
    assert told["people"] == ["金守钥", "柯慎言"]
    assert told["draft_sha256"] == drafted["sha256"]
    assert "签名有效" in yizhao.run(*verify, "--root", str(pinned)).out
    yizhao.run(*ONE, "keys", "roots", "--out", "root.pem")
    (root,) = read_roots(folder / "root.pem")
    assert keys_of(yizhao, "ROOT", "ACTIVE") == [kid_of(root).hex()]

    known = yizhao.ask(*ONE, "keys", "list")["keys"]
    assert yizhao.end(signal.SIGINT)[0] == 0
    yizhao.start()  # makes ready again, and no other root
    assert yizhao.ask(*ONE, "keys", "list")["keys"] == known


def test_a_ceremony_is_practised_without_any_register(tmp_path: Path) -> None:
    yizhao = Yizhao(tmp_path)
    kept = str(tmp_path / "kept")
    practise = ("keys", "ceremony", "practise", "--new-root")
    said = yizhao.run(*practise, *PRESENT, "--keep", kept).out
    assert "演练" in said
    told = yizhao.ask(
        *("keys", "transcript", "verify", f"{kept}/draft.json.transcript"),
        *("--root", f"{kept}/root/root.pub.pem"),
    )
    assert told["practice"] is True
    transcript = f"{kept}/draft.json.transcript"
    refused = yizhao.run("keys", "transcript", "verify", transcript, "--root", transcript, exits=1)
    assert "根公钥无法读取" in refused.err
    yizhao.run(*practise, *PRESENT)
    yizhao.run(*practise, "--present", "金守钥", exits=1)
    assert {path.name for path in tmp_path.iterdir()} == {"kept"}


def test_a_root_in_an_hsm_signs_in_a_ceremony(tmp_path: Path) -> None:
    yizhao = Yizhao(tmp_path)
    with soft_hsm(tmp_path / "hsm") as hsm:
        settings = hsm.settings()
        root = Hsm(settings).create(KeyUse.ROOT)
        (tmp_path / "pin").write_text(settings.pin)
        draft = draft_for(root, datetime.now(UTC))
        (tmp_path / "draft.json").write_bytes(draft.encode())
        signed = yizhao.ask(
            *("keys", "ceremony", "sign", "draft.json", *PRESENT),
            *("--hsm-module", str(hsm.module), "--hsm-token", settings.token),
            *("--hsm-pin-file", str(tmp_path / "pin"), "--expect", draft.digest.hex()[:8]),
        )
    assert signed["root"] == root.kid.hex()
