"""A ceremony with throw-away keys, in a folder of its own; no register is touched."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from license_verify.lists.trust_list import (
    KeyState,
    TrustedHost,
    TrustedKey,
    TrustList,
    Use,
    sign_trust_list,
)
from registry_service.ceremony.draft import Draft
from registry_service.domain.key import KeyUse
from registry_service.issuing.key_places import Key, KeyPlaces

ENVIRONMENT = "practice"


def prepare(folder: Path, now: Callable[[], datetime]) -> tuple[Draft, KeyPlaces, KeyPlaces]:
    """A draft that announces an invented key, the folder of its root, and one for the next root."""
    old, new = KeyPlaces(folder / "root"), KeyPlaces(folder / "next-root")
    root = next(key for key in old.create_missing([KeyUse.ROOT]) if key.use is KeyUse.ROOT)
    new.create_missing([KeyUse.ROOT])
    return draft_for(root, now()), old, new


def draft_for(root: Key, now: datetime) -> Draft:
    """A draft that follows an invented list, which the root signs here."""
    second = now.replace(microsecond=0)
    keys = tuple(
        TrustedKey.of(ec.generate_private_key(ec.SECP256R1()).public_key(), use, state, second)
        for use, state in (
            (Use.TOKEN, KeyState.ACTIVE),
            (Use.STATUS, KeyState.ACTIVE),
            (Use.PUBLICATION, KeyState.ACTIVE),
            (Use.TOKEN, KeyState.NEXT),
        )
    )
    hosts = (TrustedHost("practice.example", second),)
    before = TrustList(1, ENVIRONMENT, second, keys[:3], hosts)
    after = replace(before, version=2, keys=keys)
    current = sign_trust_list(before, kid=root.kid, sign=root.sign)
    return Draft(current, after.payload())
