"""`yizhao partner`, against a node."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients import exits
from clients.cli.main import main
from clients.sample.codes import uscc
from tests.e2e.partners.desk import CITY, OPERATOR, POLICY, POLICY_2, TITLE, Desk

Run = Callable[..., Any]


@pytest.fixture
def run(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs a command as somebody, with its JSON or its whole text as the answer."""

    def call(who: str, *words: str, code: int = exits.DONE) -> Any:
        tls = desk.certificate(who)
        for name, content in (("CERT", tls.certificate), ("KEY", tls.key), ("CA", tls.roots)):
            (tmp_path / name).write_bytes(content)
            monkeypatch.setenv(f"YIZHAO_{name}", str(tmp_path / name))
        monkeypatch.setenv("YIZHAO_VERIFY", desk.address)
        monkeypatch.setenv("YIZHAO_AS", who)
        monkeypatch.setenv("COLUMNS", "132")
        assert main(["partner", *words]) == code
        told = capsys.readouterr()
        return json.loads(told.out) if "--json" in words else told.out + told.err

    return call


def test_a_partner_is_enrolled_granted_and_shown(run: Run) -> None:
    asked = run(OPERATOR, "enrol", "icbank", "--title", TITLE, "--reason", "协议", "--json")
    assert asked["state"] == "PARTNER_ACT_STATE_WAITING"
    assert (asked["confirming_roles"], asked["confirming_titles"]) == (["city"], ["市级管理员"])
    assert "待复核" in run(CITY, "acts", "--waiting")
    told = run(CITY, "confirm", asked["name"], "--expect-name", TITLE)
    assert "已办理" in told
    words = ("grant", "icbank", "banking", "--item", "name", "--claim", "name")
    told = run(POLICY, *words, "--reason", "协议", "--expect-name", TITLE)
    assert "（政策管理员或市级管理员 policy or city）" in told
    asked = run(CITY, "acts", "--waiting", "--json")["acts"][0]
    run(POLICY_2, "confirm", asked["name"], "--expect-name", TITLE)
    assert run(CITY, "show", "partners/icbank") == run(CITY, "show", "icbank")
    shown = run(CITY, "show", "icbank")
    assert TITLE in shown
    assert "银行开户" in shown
    assert TITLE in run(CITY, "list")
    lowered = run(
        OPERATOR,
        "quota",
        "icbank",
        "--burst",
        "5",
        "--reason",
        "试",
        "--expect-name",
        TITLE,
        "--json",
    )
    assert lowered["quota"]["burst"] == 5
    assert "已暂停" in run(OPERATOR, "suspend", "icbank", "--reason", "试", "--expect-name", TITLE)
    assert "否" in run(CITY, "revoke-grant", "icbank", "banking", "--reason", "试")


def test_a_refusal_is_told_in_both_languages(run: Run) -> None:
    told = run("0101", "list", code=exits.REFUSED)
    assert "您没有该角色" in told
    assert "--expect-name" in run(CITY, "end", "icbank", "--reason", "试", code=exits.USAGE)


def test_wrong_codes_are_named_and_none_of_all_is_watched(run: Run, desk: Desk) -> None:
    desk.enrol()
    bank, good, wrong = "partner/icbank", [uscc("91", "370811", n) for n in range(1_500)], "9137081"
    told = run(bank, "watch", *good, wrong, code=exits.REFUSED)
    assert "1501 个代码中有 1 个校验不通过" in told
    assert wrong in told
    assert run(bank, "watched", "--json") == {"codes": []}
    assert run(bank, "watch", f" {good[0].lower()} ", "--json") == {"watched_count": 1}


def test_a_partner_watches_codes(run: Run, desk: Desk) -> None:
    desk.enrol()
    bank = "partner/icbank"
    assert run(bank, "watch", "91370811MAJN000108", "--json") == {"watched_count": 1}
    assert "91370811MAJN000108" in run(bank, "watched")
    assert run(bank, "changes", "--json") == {"changes": [], "last_number": 0}
    run(bank, "unwatch", "91370811MAJN000108")


def test_certificates_are_listed_and_disabled(run: Run, desk: Desk) -> None:
    desk.enrol()
    found = run(
        OPERATOR, "disable-certificate", "icbank", "AB:" * 31 + "AB", "--reason", "失窃", "--json"
    )
    assert found["disable_reason"] == "失窃"
    shown = run(CITY, "certificates", "icbank")
    assert "失窃" in shown
    assert "ab" * 32 in shown  # whole, to be copied
