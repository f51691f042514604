"""A licence of a mass run, before and after it is signed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """A licence that is stored and not signed yet."""

    entity_no: int
    revision: int
    """Of the entity when it was read: a licence is good for just that."""
    facts_version: int
    list_no: int
    index: int
    payload: bytes
    """The claims, as they are written in the token."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A draft and what came of it."""

    draft: Draft
    to_be_signed: bytes
    token: bytes
