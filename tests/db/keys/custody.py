"""What key custodians do, in a few words."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from license_verify.lists.trust_list import KeyState, TrustList
from registry_service.ceremony.draft import Draft
from registry_service.ceremony.sign import look, sign
from registry_service.domain.authority import ActName
from registry_service.domain.key import KeyUse, SigningKey
from registry_service.domain.key_act import KeyAct, Wish
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.issuing.key_places import Key, KeyPlaces
from registry_service.issuing.signer import KeyRing
from registry_service.operations.draft_trust import draft_trust, newest_trust, take_trust
from registry_service.operations.key_acts import answer_key_act, ask_key_act
from registry_service.operations.key_changes import KeyKeeper
from tests.db.issuing.world import World

CUSTODIAN, OTHER = "0701", "0702"
LEAD = timedelta(days=7)


@dataclass
class Custody:
    """The keys of a world, and the two who look after them."""

    world: World
    keeper: KeyKeeper = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = KeyKeeper(self.world.ring, LEAD)

    def ask(
        self, name: ActName, subject: str, *, early: bool = False, by: str = CUSTODIAN
    ) -> KeyAct:
        with self.world.act(by) as act:
            return ask_key_act(act, self.keeper, Wish(name, subject, "年度更换", early))

    def answer(self, asked: KeyAct, by: str = OTHER, **other: object) -> KeyAct:
        values = {"expected": asked.wish.subject, "refuse": False, "reason": ""} | other
        with self.world.act(by) as act:
            return answer_key_act(act, self.keeper, asked.number, **values)  # type: ignore[arg-type] # as named

    def do(self, name: ActName, subject: str, *, early: bool = False) -> KeyAct:
        """Asked by one, confirmed by the other."""
        return self.answer(self.ask(name, subject, early=early))

    def created(self, use: KeyUse = KeyUse.TOKEN) -> str:
        """The kid of a new key, in hexadecimal digits."""
        kid = self.do(ActName.CREATE_KEY, use.value).kid
        assert kid is not None
        return kid.hex()

    def rotated(self, use: KeyUse = KeyUse.TOKEN) -> str:
        """The kid of a new key that signs from now on."""
        kid = self.created(use)
        self.do(ActName.ACTIVATE_KEY, kid, early=True)
        return kid

    def key(self, kid: str) -> SigningKey:
        with self.world.store.transaction() as tx:
            return tx.keys.find(bytes.fromhex(kid))

    def active(self, use: KeyUse = KeyUse.TOKEN) -> str:
        with self.world.store.transaction() as tx:
            return tx.keys.active()[use].hex()

    def trust(self) -> TrustList:
        """What the trust list in force says."""
        with self.world.store.transaction() as tx:
            return newest_trust(tx)

    def told(self, kid: str) -> KeyState | None:
        """The state in which the trust list names a key; None if it does not."""
        return {key.kid.hex(): key.state for key in self.trust().keys}.get(kid)


def custody_of(world: World, places: KeyPlaces | None = None) -> Custody:
    """A world whose ring can make keys, with two key custodians."""
    with world.store.transaction() as tx:
        for number, name in ((CUSTODIAN, "测试庚"), (OTHER, "测试辛")):
            role = Assignment(1, Role.KEY_CUSTODIAN, date(2020, 1, 1))
            tx.staff.put(Staff(number, name, (role,)))
        world.ring = KeyRing.of(places or KeyPlaces(world.keys), tx.keys.active())
    return Custody(world)


def ceremony(world: World, vault: KeyPlaces, new_root: Key | None = None) -> TrustList:
    """The root signs what is due, on another machine."""
    with world.store.transaction() as tx:
        current = tx.publication.trust()
        assert current is not None
        draft = Draft(current.content, draft_trust(tx, world.clock()).payload())
    looked = look(Draft.decode(draft.encode()), vault.load(), world.clock(), new_root)
    signed = sign(looked, ("测试庚", "测试辛"), world.clock)
    with world.store.transaction() as tx:
        take_trust(tx, signed.trust_list, world.clock())
    return looked.after


def root_in(folder: Path) -> Key:
    held = KeyPlaces(folder).create_missing([KeyUse.ROOT])
    return next(key for key in held if key.use is KeyUse.ROOT)
