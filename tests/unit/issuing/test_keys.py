"""The key folder and the ring."""

import pickle
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from license_verify.server.roots import read_roots
from license_verify.token import cose
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import FIRST_USES, KeyUse
from registry_service.issuing.errors import KeyFolderRefused, KeyUnencrypted
from registry_service.issuing.hsm import HsmSettings
from registry_service.issuing.key_places import KeyPlaces
from registry_service.issuing.keys import ROOT_FILE, create, create_missing, encrypt, load
from registry_service.issuing.signer import KeyRing


def test_each_use_gets_one_key_once(tmp_path: Path) -> None:
    first = create_missing(tmp_path / "keys")
    assert {key.use for key in first} == set(FIRST_USES)
    again = create_missing(tmp_path / "keys")
    assert [key.kid for key in again] == [key.kid for key in first]


def test_the_folder_and_its_keys_are_for_this_account_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    create_missing(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    private = [path for path in folder.iterdir() if path.name != ROOT_FILE]
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}


def test_checkers_get_the_root_s_public_half(tmp_path: Path) -> None:
    held = create_missing(tmp_path / "keys")
    root = next(key for key in held if key.use is KeyUse.ROOT)
    assert load_pem_public_key((tmp_path / "keys" / ROOT_FILE).read_bytes()) == root.public


def test_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    create_missing(folder)
    folder.chmod(0o750)
    with pytest.raises(KeyFolderRefused, match="open to others"):
        load(folder)


def test_a_key_open_to_others_is_refused(tmp_path: Path) -> None:
    create_missing(tmp_path / "keys")
    next((tmp_path / "keys").glob("token-*.pem")).chmod(0o644)
    with pytest.raises(KeyFolderRefused, match="open to others"):
        load(tmp_path / "keys")


def test_a_key_under_another_key_s_name_is_refused(tmp_path: Path) -> None:
    create_missing(tmp_path / "keys")
    token = next((tmp_path / "keys").glob("token-*.pem"))
    token.rename(token.with_name("token-0011223344556677.pem"))
    with pytest.raises(KeyFolderRefused, match="another key"):
        load(tmp_path / "keys")


def test_no_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyFolderRefused, match="run `init`"):
        load(tmp_path / "none")


def test_a_passphrase_is_needed_again(tmp_path: Path) -> None:
    create_missing(tmp_path / "keys", b"a long passphrase")
    assert load(tmp_path / "keys", b"a long passphrase")
    for wrong in (None, b"another"):
        with pytest.raises(KeyFolderRefused, match="can't be read"):
            load(tmp_path / "keys", wrong)


def test_signatures_have_a_low_s_and_verify(tmp_path: Path) -> None:
    held = {key.use: key for key in create_missing(tmp_path / "keys")}
    ring = KeyRing(held.values(), {use: key.kid for use, key in held.items()})
    kid, sign = ring.sign(KeyUse.TOKEN)
    for number in range(8):
        signature = sign(bytes([number]))
        assert signature == cose.low_s(signature)
        assert cose.raw_signature_fits(bytes([number]), signature, held[KeyUse.TOKEN].public)
    assert kid == held[KeyUse.TOKEN].kid


def test_a_key_signs_for_its_own_use_only(tmp_path: Path) -> None:
    held = {key.use: key for key in create_missing(tmp_path / "keys")}
    ring = KeyRing(held.values(), {KeyUse.TOKEN: held[KeyUse.STATUS].kid})
    with pytest.raises(SignerUnavailable):
        ring.sign(KeyUse.TOKEN)
    with pytest.raises(SignerUnavailable):
        ring.sign(KeyUse.RECEIPT)


def test_no_text_of_a_key_shows_it(tmp_path: Path) -> None:
    held = create_missing(tmp_path / "keys")
    secret = str(held[0].private.private_numbers().private_value)
    assert secret not in repr(held)
    assert secret not in repr(KeyRing(held, {}).__dict__)


def test_keys_that_lie_open_are_refused_where_a_passphrase_is_set(tmp_path: Path) -> None:
    create_missing(tmp_path / "keys")
    with pytest.raises(KeyUnencrypted, match="yizhao keys encrypt"):
        load(tmp_path / "keys", b"a long passphrase")


def test_keys_are_written_anew_under_a_passphrase_and_again_if_that_broke_off(
    tmp_path: Path,
) -> None:
    before = create_missing(tmp_path / "keys")
    assert len(encrypt(tmp_path / "keys", None, b"first passphrase")) == len(before)
    assert encrypt(tmp_path / "keys", None, b"first passphrase") == []
    encrypt(tmp_path / "keys", b"first passphrase", b"second passphrase")
    after = load(tmp_path / "keys", b"second passphrase")
    assert [key.kid for key in after] == [key.kid for key in before]
    assert all(b"ENCRYPTED" in path.read_bytes() for path in (tmp_path / "keys").glob("*-*.pem"))
    with pytest.raises(KeyFolderRefused):
        encrypt(tmp_path / "keys", b"wrong passphrase", b"third passphrase")


def test_a_root_that_is_kept_elsewhere_stays_pinned(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    held = create_missing(folder)
    root = next(key for key in held if key.use is KeyUse.ROOT)
    next(folder.glob("root-*.pem")).unlink()
    create_missing(folder, uses=())
    assert read_roots(folder / ROOT_FILE) == (root.public,)
    assert {key.use for key in load(folder)} == set(FIRST_USES) - {KeyUse.ROOT}


def test_a_key_that_another_process_made_is_found_when_it_is_missed(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    create_missing(folder)
    ring = KeyRing.open(folder, {})
    made = create(folder, KeyUse.TOKEN)
    said = b"something"
    assert cose.raw_signature_fits(said, ring.signer(made.kid, KeyUse.TOKEN)(said), made.public)
    folder.chmod(0o755)
    with pytest.raises(SignerUnavailable, match="can't be read"):
        ring.signer(bytes(8), KeyUse.TOKEN)


def test_where_keys_are_may_be_told_to_another_process(tmp_path: Path) -> None:
    hsm = HsmSettings(tmp_path / "module.so", "token", "a-pin", frozenset({KeyUse.TOKEN}))
    places = KeyPlaces(tmp_path / "keys", b"a long passphrase", hsm)
    assert pickle.loads(pickle.dumps(places)) == places  # noqa: S301 - what this test wrote
    assert "a-pin" not in repr(places)
    assert "a long" not in repr(places)


def test_an_hsm_that_nothing_here_can_ask_stops_the_start_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pkcs11", "pkcs11.exceptions"):
        monkeypatch.setitem(sys.modules, name, None)
    keys = tmp_path / "keys"
    create_missing(keys)
    settings = HsmSettings(tmp_path / "libhsm.so", "token", "pin", frozenset())
    with pytest.raises(OSError, match=r"pip install 'yizhao\[hsm\]'"):
        KeyPlaces(keys, None, settings).load()
