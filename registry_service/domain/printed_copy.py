"""Printed copies of a licence: 正本 and 副本, each with a life of its own (domain.md §4)."""

from enum import StrEnum


class CopyKind(StrEnum):
    """What a copy is."""

    ORIGINAL = "original"
    """正本, for the wall."""
    DUPLICATE = "duplicate"
    """副本, of which there may be several."""


class CopyState(StrEnum):
    """What became of a copy."""

    IN_USE = "in_use"
    RETURNED = "returned"
    VOID = "void"
    """Declared void 声明作废."""
