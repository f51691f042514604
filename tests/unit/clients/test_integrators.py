"""The integrators' codes: what is published is what the code makes, and says what is listed."""

import json
import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from PIL import Image

from clients.cli.main import main
from clients.integrators import ENVIRONMENT, PUBLISHED_AT, Expected, System, codes
from clients.integrators.files import CLOCKS, expected_at, pictured, table
from clients.integrators.pictures import symbol_of
from clients.integrators.system import ROOT
from license_verify import Anchor, Bundle, Reason, Trust, verify
from license_verify.lists.errors import RootUnknown
from license_verify.public_roots import RootIsPublic
from license_verify.token.cose import PublicKey
from tests.unit.verify.world import World
from tests.vectors.make_integrators import DOCS, FOLDER, PAGE

TOLD: dict[str, Any] = json.loads((FOLDER / "codes.json").read_text("utf-8"))
OFFLINE = (
    *("--bundle", str(FOLDER / "bundle.cbor")),
    *("--root", str(FOLDER / "root.pub.pem"), "--environment", ENVIRONMENT),
)
NOT_OF_A_CODE = {
    *("OK", "NOT_REACHED", "FORMAT_REFUSED", "LIST_EXPIRED", "SUBJECT_NEEDS_LIVE_RECORD"),
    *("TRUST_MISSING", "ROLLBACK", "ENVIRONMENT_MISMATCH"),
    *("LOG_NOT_KEPT", "HOLDER_NOT_CHECKED", "RECORD_OF_ANOTHER", "STATEMENT_OF_ANOTHER"),
    *("STATEMENT_SUPERSEDED", "STATEMENT_OF_DORMANT", "LIVE_RECORD_STALE"),
}
"""Reasons of a checker's own data, of another check than the deciding one, or of none at all."""


def pinned() -> PublicKey:
    key = load_pem_public_key((FOLDER / TOLD["root"]).read_bytes())
    assert isinstance(key, PublicKey)
    return key


@pytest.fixture(scope="module")
def trust() -> Trust:
    bundle = Bundle.decode((FOLDER / TOLD["bundle"]).read_bytes())
    return Trust.from_bundle(bundle, Anchor((pinned(),), TOLD["environment"]))


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_published_bundle_gives_what_is_listed(trust: Trust, clock: str) -> None:
    now = datetime.fromisoformat(TOLD["clocks"][clock])
    listed = {each["name"]: Expected(**each["expected"][clock]) for each in TOLD["codes"]}
    assert {code.name: expected_at(code, trust, now) for code in codes()} == listed


def test_what_is_published_is_what_is_made_anew(trust: Trust) -> None:
    made = System().trust()
    assert table(System()) == TOLD
    assert (made.keys, made.hosts, made.lists) == (trust.keys, trust.hosts, trust.lists)


def test_the_page_lists_what_is_published() -> None:
    from clients.integrators.page import with_table

    assert with_table(PAGE.read_text("utf-8"), TOLD) == PAGE.read_text("utf-8")


def test_a_code_comes_out_fresh_as_its_row_says(trust: Trust) -> None:
    now = PUBLISHED_AT + CLOCKS["fresh"]
    assert {each.name: expected_at(each, trust, now) for each in codes()} == {
        each.name: each.expected for each in codes()
    }


def test_there_is_a_code_for_each_outcome_status_and_reason_that_a_code_can_have() -> None:
    said = [each["expected"][clock] for each in TOLD["codes"] for clock in CLOCKS]
    assert {each["outcome"] for each in said} == {"VALID", "INVALID", "INDETERMINATE"}
    statuses = {each["status"] for each in said}
    assert len(statuses) == 11
    by_address_or_day = {each.value for each in Reason if each.value.startswith(("PLACE", "AS_OF"))}
    reached = {each["reason"] for each in said}
    assert {each.value for each in Reason} - NOT_OF_A_CODE - by_address_or_day <= reached


@pytest.mark.parametrize("code", pictured(), ids=lambda code: code.name)
def test_the_published_picture_reads_as_its_text(code: Any) -> None:
    with Image.open(FOLDER / f"{code.name}.png") as picture:
        (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == code.text


def test_a_picture_is_drawn_anew_the_same() -> None:
    code = pictured()[0]
    with (
        Image.open(FOLDER / f"{code.name}.png") as stored,
        Image.open(BytesIO(symbol_of(code.text).png())) as drawn,
    ):
        assert stored.tobytes() == drawn.tobytes()


@pytest.mark.parametrize("environment", ["production", "test", "development"])
def test_the_public_root_is_pinned_nowhere_else(environment: str) -> None:
    with pytest.raises(RootIsPublic, match="integrators alone"):
        Anchor((World().root.public, ROOT.public), environment)


def test_no_code_is_good_where_another_environment_is_expected(trust: Trust) -> None:
    """Were the root pinned all the same, by an older version, say."""
    production = replace(trust, expected_environment="production")
    for clock in CLOCKS.values():
        for code in codes():
            found = verify(code.text, production, PUBLISHED_AT + clock)
            assert found.outcome != "VALID"
            assert found.face is None


def test_no_code_is_good_under_a_root_of_production() -> None:
    with pytest.raises(RootUnknown):
        Trust.from_bundle(System().bundle(), World().anchor())
    real = World().trust()
    assert {verify(code.text, real, PUBLISHED_AT).outcome.value for code in codes()} == {
        "INVALID",
        "INDETERMINATE",
    }


def test_the_example_of_the_page_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = re.search(r"```python\n(# integrate\.py.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert program is not None
    monkeypatch.chdir(DOCS.parent)
    exec(compile(program[1], "integrate.py", "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == f"{len(codes())} codes, 3 clocks: all as listed\n"


@pytest.mark.parametrize(("name", "exit_code"), [("licence", 0), ("revoked", 4), ("publicity", 5)])
def test_the_command_of_the_page_says_it_for_a_picture(
    name: str, exit_code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--json", "verify", str(FOLDER / f"{name}.png"), *OFFLINE]
    assert main([*words, "--now", "2026-11-02T09:03:00"]) == exit_code
    (listed,) = (each for each in TOLD["codes"] if each["name"] == name)
    assert json.loads(capsys.readouterr().out)["outcome"] == listed["expected"]["fresh"]["outcome"]


def test_a_verdict_by_command_names_the_reason_that_decided_and_nothing_that_is_not_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("verify", str(FOLDER / "licence.png"), "--purpose", "telecom", *OFFLINE, "--now")
    for clock, code, reason in (("fresh", 0, "OK"), ("stale", 5, "DATA_STALE")):
        assert main(["--json", *words, TOLD["clocks"][clock]]) == code
        assert json.loads(capsys.readouterr().out)["reason"] == reason
    main([*words, TOLD["clocks"]["fresh"]])
    assert "（）" not in capsys.readouterr().out


def test_the_command_writes_the_same_codes_with_data_of_now(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--json", "sample", "codes", "--out", str(tmp_path), "--fresh"]) == 0
    told = json.loads((tmp_path / "codes.json").read_text("utf-8"))
    assert json.loads(capsys.readouterr().out)["published_at"] == told["published_at"]
    assert [each["text"] for each in told["codes"]] == [each["text"] for each in TOLD["codes"]]
    assert told["published_at"] != TOLD["published_at"]
