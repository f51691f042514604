"""A premises statement of the small issuing world, and trust lists with a key that signs it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from license_verify import StatedPlace, Statement, Status, Trust
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.statement import PlaceState, sign_statement
from license_verify.token.claims import StatusRef
from tests.unit.verify.world import FACE, T0, URI, USCC, Signer, World

KEY = Signer()
STATED_INDEX = 4001
REPLACED_INDEX = STATED_INDEX + 1
PLACES = (
    StatedPlace(
        number=1, title=None, address="山东省济宁市兖州区样例路1号", unit=12, filed=date(2026, 3, 5)
    ),
    StatedPlace(
        number=7,
        title="曲阜门店",
        address="曲阜市鲁城街道样例街8号",
        unit=20,
        filed=date(2026, 4, 1),
        state=PlaceState.SUSPENDED,
    ),
)
STATEMENT = Statement(
    uscc=USCC,
    version=5,
    face_version=FACE.version,
    registrar=11,
    issued_at=T0 - timedelta(days=2),
    status=StatusRef(STATED_INDEX, URI),
    premises=PLACES,
)


def stating(world: World) -> World:
    """With the key for statements, one of them in force and one replaced."""
    listed = world.trust_list()
    key = replace(statement_key(), since=world.published_at - timedelta(days=30))
    return replace(
        world,
        content=replace(listed, keys=(*listed.keys, key)),
        statuses={
            **world.statuses,
            STATED_INDEX: Status.VALID,
            REPLACED_INDEX: Status.SUPERSEDED,
        },
    )


def stated_in(world: World, index: int = STATED_INDEX) -> Statement:
    """The statement, issued a day before the world was published."""
    issued = world.published_at - timedelta(days=1)
    return replace(STATEMENT, issued_at=issued, status=replace(STATEMENT.status, index=index))


def signed(content: Statement = STATEMENT, key: Signer = KEY) -> bytes:
    return sign_statement(content, kid=key.kid, sign=key.sign)


def statement_key(
    state: KeyState = KeyState.ACTIVE,
    until: datetime | None = None,
    use: Use = Use.STATEMENT,
    key: Signer = KEY,
) -> TrustedKey:
    return TrustedKey.of(key.public, use, state, T0 - timedelta(days=30), until)


def trust_with(*keys: TrustedKey, world: World) -> Trust:
    listed = world.trust_list()
    return replace(world, content=replace(listed, keys=(*listed.keys, *keys))).trust()
