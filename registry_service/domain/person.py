"""The persons that the item 法定代表人, 负责人, 经营者 … of a face names."""

import re
from typing import Final

from license_verify.normalise import normalise_person

_BRACKETS: Final = re.compile(r"[（(]([^（()）]*)[)）]")
_DELEGATE: Final = re.compile(r"^委派代表[:：]?")
_BETWEEN: Final = re.compile(r"[、，,；;/]|\s+和\s+")


def persons_of(printed: str) -> frozenset[str]:
    """Every name in the item: a partnership prints its partner with the delegate in brackets.

    >>> sorted(persons_of("济宁市某某投资有限公司（委派代表：钱试写）"))
    ['济宁市某某投资有限公司', '钱试写']
    """
    inside = [_DELEGATE.sub("", text.strip()) for text in _BRACKETS.findall(printed)]
    outside = _BETWEEN.split(_BRACKETS.sub("", printed))
    names = (name.strip() for name in [printed, *inside, *outside])
    kept = {name for name in names if name}
    return frozenset(kept - {printed} if inside and len(kept) > 1 else kept)


def same_person(one: str, other: str) -> bool:
    """Whether two spellings are one name."""
    return bool(one.strip()) and normalise_person(one) == normalise_person(other)
