"""Which key signs receipts: only one that the trust list names active."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from license_verify import Trust
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.server.usage.receipt_keys import ReceiptKeys, ReceiptKeysRefused
from license_verify.token import cose
from tests.unit.verify.world import NOW, Signer, World

KEY, NEXT = Signer(), Signer()
START = datetime(2025, 1, 1, tzinfo=UTC)
WORLD = World()


def put(folder: Path, signer: Signer, passphrase: bytes | None = None, mode: int = 0o600) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    how: KeySerializationEncryption = NoEncryption()
    if passphrase:
        how = BestAvailableEncryption(passphrase)
    path = folder / f"receipt-{signer.kid.hex()}.pem"
    path.write_bytes(signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    path.chmod(mode)
    return path


def trust_with(*keys: TrustedKey, version: int = 4) -> Trust:
    listed = WORLD.trust_list()
    content = replace(listed, version=version, keys=(*listed.keys, *keys))
    return replace(WORLD, content=content, trust_version=version).trust()


def listed(
    state: KeyState = KeyState.ACTIVE, use: Use = Use.RECEIPT, signer: Signer = KEY
) -> TrustedKey:
    return TrustedKey.of(signer.public, use, state, START)


def test_the_active_key_signs_and_what_it_signs_fits(tmp_path: Path) -> None:
    put(tmp_path / "keys", KEY)
    key = ReceiptKeys(tmp_path / "keys").signer(trust_with(listed()), NOW)
    assert key is not None
    assert key.kid == KEY.kid
    assert cose.raw_signature_fits(b"said", cose.low_s(key.sign(b"said")), KEY.public)


@pytest.mark.parametrize(
    "named",
    [
        (),
        (listed(KeyState.NEXT),),
        (listed(KeyState.RETIRED),),
        (listed(KeyState.DISTRUSTED),),
        (listed(use=Use.STATEMENT),),
        (listed(signer=NEXT),),
    ],
)
def test_no_key_signs_that_checkers_would_not_believe(
    tmp_path: Path, named: tuple[TrustedKey, ...]
) -> None:
    put(tmp_path / "keys", KEY)
    assert ReceiptKeys(tmp_path / "keys").signer(trust_with(*named), NOW) is None


def test_a_key_signs_within_its_span_alone(tmp_path: Path) -> None:
    put(tmp_path / "keys", KEY)
    ended = replace(listed(), until=NOW)
    keys, trust = ReceiptKeys(tmp_path / "keys"), trust_with(ended)
    assert keys.signer(trust, NOW - timedelta(seconds=1)) is not None
    assert keys.signer(trust, NOW) is None


def test_without_a_folder_or_data_nothing_signs(tmp_path: Path) -> None:
    assert ReceiptKeys(None).signer(trust_with(listed()), NOW) is None
    assert ReceiptKeys(tmp_path / "none").signer(trust_with(listed()), NOW) is None
    put(tmp_path / "keys", KEY)
    assert ReceiptKeys(tmp_path / "keys").signer(Trust.missing(), NOW) is None


def test_the_next_key_is_put_beside_the_one_in_use_and_signs_once_it_is_active(
    tmp_path: Path,
) -> None:
    put(tmp_path / "keys", KEY)
    keys = ReceiptKeys(tmp_path / "keys")
    before = keys.signer(trust_with(listed(), listed(KeyState.NEXT, signer=NEXT)), NOW)
    put(tmp_path / "keys", NEXT)
    rotated = trust_with(listed(KeyState.RETIRED), listed(signer=NEXT), version=5)
    after = keys.signer(rotated, NOW)
    assert before is not None
    assert after is not None
    assert (before.kid, after.kid) == (KEY.kid, NEXT.kid)


def test_an_encrypted_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    put(tmp_path / "keys", KEY, b"a long passphrase")
    assert ReceiptKeys(tmp_path / "keys", b"a long passphrase").signer(trust_with(listed()), NOW)
    for wrong in (None, b"another"):
        with pytest.raises(ReceiptKeysRefused):
            ReceiptKeys(tmp_path / "keys", wrong)


def test_a_key_that_others_can_read_is_refused_at_the_start(tmp_path: Path) -> None:
    put(tmp_path / "keys", KEY, mode=0o640)
    with pytest.raises(ReceiptKeysRefused, match="open to others"):
        ReceiptKeys(tmp_path / "keys")


def test_a_file_that_goes_bad_while_running_does_not_stop_the_key_in_use(tmp_path: Path) -> None:
    path = put(tmp_path / "keys", KEY)
    keys = ReceiptKeys(tmp_path / "keys")
    path.write_bytes(b"no key")
    assert keys.signer(trust_with(listed()), NOW) is not None


def test_the_repr_of_a_key_tells_its_kid_alone(tmp_path: Path) -> None:
    put(tmp_path / "keys", KEY)
    key = ReceiptKeys(tmp_path / "keys").signer(trust_with(listed()), NOW)
    assert repr(key) == f"ReceiptKey({KEY.kid.hex()})"
