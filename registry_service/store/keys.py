"""Table `signing_key`: public halves of the issuing keys."""

from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.lists.trust_list import KeyState
from license_verify.token import cbor, cose
from registry_service.domain.errors import KeyUnknown
from registry_service.domain.key import KeyUse, SigningKey

_COLUMNS: LiteralString = "kid, use, public_key, state, created_at, activated_at, retired_at"
_ALL: LiteralString = "SELECT " + _COLUMNS + " FROM signing_key ORDER BY created_at, kid"
_ACTIVE: LiteralString = "SELECT use, kid FROM signing_key WHERE state = 'active'"
_FIND: LiteralString = "SELECT " + _COLUMNS + " FROM signing_key WHERE kid = %(kid)s FOR UPDATE"
_ADD: LiteralString = """
    INSERT INTO signing_key (kid, use, alg, public_key, state, created_at, activated_at, retired_at)
    VALUES (%(kid)s, %(use)s, %(alg)s, %(public_key)s, %(state)s, %(created_at)s, %(activated_at)s,
            %(retired_at)s)
"""
_TAKE_OVER: LiteralString = (
    _ADD
    + """
    ON CONFLICT (kid) DO UPDATE
       SET state = excluded.state, activated_at = excluded.activated_at,
           retired_at = excluded.retired_at
"""
)
_SET_STATE: LiteralString = """
    UPDATE signing_key
       SET state = %(state)s,
           activated_at = CASE WHEN %(state)s = 'active' THEN %(now)s ELSE activated_at END,
           retired_at = CASE WHEN %(state)s IN ('retired', 'distrusted')
                             THEN coalesce(retired_at, %(now)s) END
     WHERE kid = %(kid)s
"""
_KEY_BYTES = 256


def _key(row: DictRow) -> SigningKey:
    return SigningKey(
        kid=bytes(row["kid"]),
        use=KeyUse(row["use"]),
        key=cose.public_key(cbor.decode(bytes(row["public_key"]), _KEY_BYTES)),
        state=KeyState(row["state"]),
        created_at=row["created_at"],
        activated_at=row["activated_at"],
        retired_at=row["retired_at"],
    )


def _row(key: SigningKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "use": key.use.value,
        "alg": cose.ES256,
        "public_key": cbor.encode(cose.public_map(key.key)),
        "state": key.state.value,
        "created_at": key.created_at,
        "activated_at": key.activated_at,
        "retired_at": key.retired_at,
    }


class Keys:
    """Keys; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def every(self) -> list[SigningKey]:
        """All keys that ever were, the oldest first."""
        return [_key(row) for row in self._connection.execute(_ALL)]

    def find(self, kid: bytes) -> SigningKey:
        """The key with this kid, locked.

        Raises:
            KeyUnknown: there is none.
        """
        row = self._connection.execute(_FIND, {"kid": kid}).fetchone()
        if row is None:
            raise KeyUnknown(
                f"the registry has no key {kid.hex()}",
                zh=f"没有编号为 {kid.hex()} 的密钥",
                key=kid.hex(),
            )
        return _key(row)

    def active(self) -> dict[KeyUse, bytes]:
        """Which key (by kid) signs for each use now."""
        rows = self._connection.execute(_ACTIVE)
        return {KeyUse(row["use"]): bytes(row["kid"]) for row in rows}

    def add(self, key: SigningKey) -> None:
        """Store a key's public half."""
        self._connection.execute(_ADD, _row(key))

    def take_over(self, key: SigningKey) -> None:
        """Store a key as a published trust list has it, over what was known of it."""
        self._connection.execute(_TAKE_OVER, _row(key))

    def set_state(self, kid: bytes, state: KeyState, now: datetime) -> None:
        """Move a key on in its life.

        Args:
            kid: of the key.
            state: where it stands from now on.
            now: when it was activated, or until when its signatures count; a later state does not
                move that.
        """
        self._connection.execute(_SET_STATE, {"kid": kid, "state": state.value, "now": now})
