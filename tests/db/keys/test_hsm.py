"""Keys in an HSM: licences are issued through it, and nothing is half done when it is away."""

import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from license_verify import Outcome
from license_verify.token import cose
from registry_service.domain.authority import ActName
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import FIRST_USES, KeyUse
from registry_service.domain.license import LicenseState
from registry_service.domain.pending_act import PendingState
from registry_service.issuing.errors import HsmUnavailable
from registry_service.issuing.hsm import Hsm, HsmKey
from registry_service.issuing.key_places import KeyPlaces
from registry_service.issuing.keys import load
from registry_service.issuing.one_thread import OneThread
from registry_service.issuing.signer import KeyRing
from registry_service.operations.finish_intents import Finisher
from registry_service.operations.mass_chunk import OpenRing
from tests.db.issuing.world import World, a_world
from tests.db.keys.custody import Custody, custody_of
from tests.hsm import SoftHsm, soft_hsm


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    with soft_hsm(tmp_path_factory.mktemp("hsm")) as started:
        yield started


@pytest.fixture
def places(hsm: SoftHsm, tmp_path: Path) -> KeyPlaces:
    return KeyPlaces(tmp_path / "keys", None, hsm.settings())


@pytest.fixture
def world(database_url: str, places: KeyPlaces) -> Iterator[World]:
    """A registry whose root and token key live in the HSM from the first day."""
    held = places.create_missing()
    with a_world(database_url, places.folder, KeyRing(held, {}, places)) as made:
        yield made


@pytest.fixture
def custody(world: World, places: KeyPlaces) -> Custody:
    return custody_of(world, places)


def test_a_licence_is_issued_through_the_hsm(world: World) -> None:
    world.register()
    document = world.issue()
    assert world.verdict(document, world.publish()).outcome is Outcome.VALID
    assert not {key.use for key in load(world.keys)} & {KeyUse.ROOT, KeyUse.TOKEN}


def test_each_use_gets_one_key_once_wherever_it_lives(places: KeyPlaces) -> None:
    first = {(key.use, key.kid) for key in places.create_missing()}
    assert {use for use, _ in first} == set(FIRST_USES)
    assert {(key.use, key.kid) for key in places.create_missing()} == first


def test_what_the_hsm_signs_is_as_what_the_folder_signs(hsm: SoftHsm) -> None:
    key = Hsm(hsm.settings()).create(KeyUse.TOKEN)
    assert key.kid == cose.kid_of(key.public)
    sign = KeyRing((key,), {}).signer(key.kid, KeyUse.TOKEN)
    for number in range(40):  # half of them come with s in the upper half
        said = b"something %d" % number
        assert cose.raw_signature_fits(said, sign(said), key.public)


def test_a_key_is_found_again_by_another_opening_and_never_leaves(hsm: SoftHsm) -> None:
    settings = hsm.settings()
    made = Hsm(settings).create(KeyUse.TOKEN)
    found = Hsm(settings).held()
    assert [(key.kid, key.use) for key in found] == [(made.kid, KeyUse.TOKEN)]
    assert settings.pin not in repr(found) + repr(settings)


def test_a_key_rotates_within_the_hsm(world: World, custody: Custody) -> None:
    world.register()
    old = world.issue()
    kid = custody.rotated()
    world.change(person="测试戊")
    world.finisher.finish_all()
    new, edition = world.document(2), world.publish()
    assert new.kid.hex() == kid
    assert world.verdict(new, edition).outcome is Outcome.VALID
    assert world.verdict(old, edition).status == "SUPERSEDED"


def signed_by(open_ring: OpenRing, kid: bytes, said: bytes) -> bytes:
    """What a process of a mass run does with the keys."""
    return open_ring({}).signer(kid, KeyUse.TOKEN)(said)


def test_processes_of_a_mass_run_sign_by_the_hsm_too(places: KeyPlaces) -> None:
    key = next(key for key in places.create_missing() if key.use is KeyUse.TOKEN)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, spawn) as pool:
        said = [b"something %d" % number for number in range(8)]
        begun = [pool.submit(signed_by, partial(KeyRing.of, places), key.kid, it) for it in said]
        signatures = [each.result() for each in begun]
    fits = zip(said, signatures, strict=True)
    assert all(cose.raw_signature_fits(it, signed, key.public) for it, signed in fits)


def test_many_threads_sign_at_once(hsm: SoftHsm) -> None:
    key = Hsm(hsm.settings(seconds=120)).create(KeyUse.TOKEN)
    sign = KeyRing((key,), {}).signer(key.kid, KeyUse.TOKEN)
    fits: list[bool] = []

    def some(thread: int) -> None:
        for number in range(20):
            said = b"%d of %d" % (number, thread)
            fits.append(cose.raw_signature_fits(said, sign(said), key.public))

    threads = [threading.Thread(target=some, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fits == [True] * 160


def test_a_wrong_pin_is_told_and_not_tried_again(hsm: SoftHsm) -> None:
    token = hsm.token()
    wrong = Hsm(hsm.settings(token, pin="wrong-pin"))
    for _ in range(20):  # tried as often, many a token would be locked
        with pytest.raises(HsmUnavailable, match="PinIncorrect"):
            wrong.held()
    assert Hsm(hsm.settings(token)).held() == []


def test_an_hsm_that_is_away_leaves_an_intent_that_is_signed_once_it_is_back(
    world: World, hsm: SoftHsm
) -> None:
    world.register()
    asked = world.intend()
    away = hsm.tokens.with_name("away")
    hsm.tokens.rename(away)
    try:
        with pytest.raises(SignerUnavailable):
            world.finisher.finish(asked)
        assert world.document(1).state is LicenseState.INTENT
        again = world.intend()  # the act may be repeated: it asks for the same licence
        assert again.version == 1
    finally:
        away.rename(hsm.tokens)
    issued = world.finisher.finish(again)
    assert world.verdict(issued, world.publish()).outcome is Outcome.VALID


def test_a_key_that_could_not_be_made_may_be_asked_of_the_hsm_again(
    custody: Custody, hsm: SoftHsm
) -> None:
    asked = custody.ask(ActName.CREATE_KEY, "token")
    away = hsm.tokens.with_name("away")
    hsm.tokens.rename(away)
    try:
        with pytest.raises(SignerUnavailable):
            custody.answer(asked)
    finally:
        away.rename(hsm.tokens)
    assert custody.answer(asked).state is PendingState.DONE


class Slow(Hsm):
    """An HSM that signs when it is let."""

    def __init__(self, of: Hsm) -> None:
        super().__init__(of.settings)
        self.asked, self.let = threading.Event(), threading.Event()

    def sign(self, kid: bytes, digest: bytes) -> bytes:
        self.asked.set()
        self.let.wait()
        return super().sign(kid, digest)


def slowly(world: World, places: KeyPlaces) -> tuple[Finisher, Slow]:
    """What signs through an HSM that waits to be let."""
    held = [key for key in places.load() if isinstance(key, HsmKey)]
    slow = Slow(held[0].hsm)
    return Finisher(
        world.store, KeyRing([replace(key, hsm=slow) for key in held], {}), world.clock
    ), slow


def test_a_slow_hsm_holds_no_transaction_open(world: World, places: KeyPlaces) -> None:
    world.register()
    asked = world.intend()
    finisher, slow = slowly(world, places)
    signing = threading.Thread(target=finisher.finish, args=(asked,))
    signing.start()
    slow.asked.wait()
    # Meanwhile the entity can be acted on: what is signed is no longer what is in force.
    world.change(person="测试戊")
    open_for = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'"
    assert world.rows(open_for + " AND datname = current_database()") == [(0,)]
    slow.let.set()
    signing.join()
    assert world.document(1).state is LicenseState.VOIDED
    world.finisher.finish_all()
    assert world.verdict(world.document(2), world.publish()).outcome is Outcome.VALID


def test_a_slow_hsm_is_waited_for_no_longer_than_was_said() -> None:
    hangs, let, thread = threading.Event(), threading.Event(), OneThread("test")

    def hang() -> None:
        hangs.set()
        let.wait()

    hanging = threading.Thread(target=thread.do, args=(hang, threading.TIMEOUT_MAX))
    hanging.start()
    hangs.wait()
    begun: list[int] = []
    with pytest.raises(TimeoutError):
        thread.do(lambda: begun.append(1), 0.01)
    let.set()
    hanging.join()
    assert thread.do(lambda: "done", 30) == "done"
    assert begun == []  # given up before it was its turn
