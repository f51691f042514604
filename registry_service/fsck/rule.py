"""A recheck that SQL alone can make."""

from dataclasses import dataclass
from typing import LiteralString


@dataclass(frozen=True, slots=True)
class Rule:
    """One query; its first columns, named by `key`, identify each row that breaks an invariant."""

    invariant: int
    table: str
    key: tuple[str, ...]
    sentence: str
    query: LiteralString
