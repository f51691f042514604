"""Receipts and lists of places checked offline: the exit code says what came of it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients import exits
from clients.cli.main import main
from clients.cli.session import Session
from clients.cli.statement_verdicts import from_service
from clients.cli.verify_statement import show
from license_verify import policy_for, verify
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.receipt import Asked, Receipt
from license_verify.receipt_document import sign_receipt
from tests.unit.verify.stated import signed, stated_in, stating
from tests.unit.verify.world import NOW, T0, Signer, World
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.statement_verdict_pb2 import StatementVerdict

KEY, NOBODY = Signer(), Signer()
OLD = NOW + timedelta(days=30)
_ASKED = Asked(partner="partner/icbank", purpose="banking")


@pytest.fixture
def world() -> World:
    """It trusts a key for statements and one for receipts."""
    made = stating(World())
    listed = made.trust_list()
    key = TrustedKey.of(KEY.public, Use.RECEIPT, KeyState.ACTIVE, T0 - timedelta(days=30))
    return replace(made, content=replace(listed, keys=(*listed.keys, key)))


def receipt_of(world: World, key: Signer) -> bytes:
    verdict = verify(world.scan(), world.trust(), NOW, policy_for("banking"))
    return sign_receipt(Receipt.of(verdict, _ASKED, UUID(int=7)), kid=key.kid, sign=key.sign)


def documents(world: World, folder: Path) -> None:
    """What a checker has in hand: `receipt.good`, `statement.altered` and so on."""
    pem = world.root.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "root.pem").write_bytes(pem)
    (folder / "bundle.cbor").write_bytes(world.bundle().encode())
    (folder / "no-bundle.cbor").write_bytes(b"no bundle")
    statement = stated_in(world)
    for kind, good, unknown in (
        ("receipt", receipt_of(world, KEY), receipt_of(world, NOBODY)),
        ("statement", signed(statement), signed(statement, NOBODY)),
    ):
        altered = bytearray(good)
        altered[-1] ^= 1
        (folder / f"{kind}.good").write_bytes(good)
        (folder / f"{kind}.altered").write_bytes(altered)
        (folder / f"{kind}.unknown-key").write_bytes(unknown)
        (folder / f"{kind}.garbage").write_bytes(b"garbage")


@pytest.mark.parametrize("kind", ["receipt", "statement"])
@pytest.mark.parametrize(
    ("file", "bundle", "environment", "now", "code"),
    [
        ("good", "bundle.cbor", "production", NOW, exits.DONE),
        ("altered", "bundle.cbor", "production", NOW, exits.INVALID),
        ("garbage", "bundle.cbor", "production", NOW, exits.INVALID),
        ("unknown-key", "bundle.cbor", "production", NOW, exits.INVALID),
        # Old data may not know a new key.
        ("unknown-key", "bundle.cbor", "production", OLD, exits.INDETERMINATE),
        ("altered", "bundle.cbor", "production", OLD, exits.INVALID),
        ("good", "bundle.cbor", "test", NOW, exits.INDETERMINATE),
        ("good", "no-bundle.cbor", "production", NOW, exits.REFUSED),
        ("good", "nowhere", "production", NOW, exits.REFUSED),
        ("nowhere", "bundle.cbor", "production", NOW, exits.REFUSED),
    ],
)
def test_the_exit_code_tells_a_forgery_from_what_could_not_be_checked(
    kind: str,
    file: str,
    bundle: str,
    environment: str,
    now: datetime,
    code: int,
    world: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents(world, tmp_path)
    monkeypatch.setattr(Session, "now", lambda _: now)
    words = ("verify", kind, str(tmp_path / f"{kind}.{file}"), "--bundle", str(tmp_path / bundle))
    given = (*words, "--root", str(tmp_path / "root.pem"), "--environment", environment)
    assert main(given) == code
    told = capsys.readouterr()
    assert bool(told.err) == (code != exits.DONE)
    assert main(["--json", *given]) == code
    assert ("error" in json.loads(capsys.readouterr().out)) == (code != exits.DONE)


def test_an_address_that_was_not_looked_for_is_not_shown_as_not_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = StatementVerdict(address_answer=verdict_pb2.CLAIM_ANSWER_NOT_COMPARED)
    show(from_service(told), "任城区样例路2号")
    shown = capsys.readouterr().out
    assert "未查找" in shown
    assert "不在清单上" not in shown
