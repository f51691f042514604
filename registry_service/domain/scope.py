"""经营范围: the items that a text of business scope names, and whether one text covers another.

The standard form has blocks 一般项目 and 许可项目, either first or alone, with notes in brackets;
older ones are free text (domain.md §11).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from license_verify.normalise import normalise_name


@dataclass(frozen=True, slots=True)
class ScopeItem:
    """One item, as 药品零售."""

    text: str
    """As written, without brackets; for people."""
    key: str
    """Normalised `text`, for comparing."""
    notes: tuple[str, ...] = ()
    """What brackets say of it, as 仅销售预包装食品."""
    permit: bool | None = None
    """Whether it stands under 许可项目; None in free text."""
    bare: str = ""
    """Normalised, as written, where `text` took its verb from the end of an enumeration."""

    @property
    def limits(self) -> frozenset[str]:
        """Notes that make the item narrower than its name."""
        return frozenset(note for note in self.notes if _LIMIT.match(note))

    def names(self, word: str) -> bool:
        """Whether the item's name contains the word; what its brackets exclude doesn't count."""
        key = _word_key(word)
        return bool(key) and (key in self.key or key in self.bare)


@lru_cache(maxsize=1024)
def _word_key(word: str) -> str:
    """A word of a policy, as keys of items have it."""
    return normalise_name(_outside(word)[0])


_HEADING: Final = re.compile(r"(?:前置|后置)?(一般|许可)(?:经营)?项目是?:")
_OWN_SHOWING: Final = re.compile(r"自主展示(?:\(特色\))?项目:|^经营范围:")
_LIMIT: Final = re.compile(r"仅|只|限(?!制)")
_NOTE: Final = re.compile(
    r"须经批准|须经审批|相关部门|方可|许可证|^法律$|法律法规|行政法规|国务院|自主(?:开展|选择)|为准|禁止|不得"
    r"|^(?:不含|不包括|以上|上述|其中|凭|除外|除依法|除国家|除上述|除法律|除许可)|^(?:无|等|\*+|\d+)$"
)
_NUMBERING: Final = re.compile(r"^(?:\d+[.)]|\(\d+\))")
_BOTH: Final = ("批发", "零售")
_ONE_VERB: Final = (
    "销售|零售|批发|经营|生产|加工|制造|制作|制售|维修|修理|安装|租赁|出租|开发|研发|设计|施工|回收|服务|"
    "咨询|运输|种植|养殖|代理|配送|仓储|储存|进出口|推广|转让|交流|管理|贸易|收购|购销|印刷|检测|策划|"
    "培训|发布|装卸|搬运|采购|组装|改造|研究|养护|清洗"
)
_TWO_VERBS: Final = "批发零售|零售批发|批发兼零售|零售兼批发|批发及零售|批发和零售|批零"
_VERBS: Final = {verb: (verb,) for verb in _ONE_VERB.split("|")} | dict.fromkeys(
    _TWO_VERBS.split("|"), _BOTH
)
_LONGEST_FIRST: Final = sorted(_VERBS, key=len, reverse=True)
_WIDER: Final = {"批发": ("销售", "经营"), "零售": ("销售", "经营"), "销售": ("经营",)}
"""What a verb is part of."""


@lru_cache(maxsize=64)
def parse_scope(text: str) -> tuple[ScopeItem, ...]:
    """Every item of a scope, in the order of the text, each once.

    The rules ask for the same few texts again and again, and a chain for each of its shops.
    """
    folded = unicodedata.normalize("NFKC", re.sub(r"[\r\n]+", ";", text))
    folded = _OWN_SHOWING.sub("", re.sub(r"\s+", "", folded))
    items = (item for permit, block in _blocks(folded) for item in _items(block, permit))
    return tuple(dict.fromkeys(items))


def covers(scope: Iterable[ScopeItem], item: ScopeItem) -> bool:
    """Whether an item lies within a scope: the same name or a wider verb, and no wider limits.

    A registered 食品销售（仅销售预包装食品） does not cover 食品销售; the reverse does.
    """
    registered = tuple(scope)
    if covering(registered, item):
        return True
    noun, verb = _noun_and_verb(item.key)
    both = {noun + part for part in _BOTH} if verb == "销售" else set()
    return bool(both) and both <= {e.key for e in registered if _limits_fit(e, item)}


def covering(scope: Iterable[ScopeItem], item: ScopeItem) -> list[ScopeItem]:
    """Those that cover the item each by itself; a pair that only together does is left out.

    普通货运、专用运输 may be read with its verb or without.
    """
    noun, verb = _noun_and_verb(item.key)
    keys = {item.key, item.bare, *(noun + more for more in _WIDER.get(verb, ()))}
    return [
        each
        for each in scope
        if (each.key in keys or each.bare == item.key) and _limits_fit(each, item)
    ]


def _limits_fit(registered: ScopeItem, item: ScopeItem) -> bool:
    return registered.limits <= item.limits


def _blocks(folded: str) -> Iterator[tuple[bool | None, str]]:
    """The blocks of a scope with what their headings say; text before any heading is free."""
    start, permit = 0, None
    for heading in _HEADING.finditer(folded):
        yield permit, folded[start : heading.start()]
        start, permit = heading.end(), heading[1] == "许可"
    yield permit, folded[start:]


def _items(block: str, permit: bool | None) -> Iterator[ScopeItem]:
    for segment in _split(block, ";。"):
        pieces: list[ScopeItem] = []
        for piece in _split(segment, "、,"):
            text, notes = _outside(_NUMBERING.sub("", piece))
            text = text.removesuffix("等") if len(text) > 1 else text
            if text and not _NOTE.search(text):
                pieces.append(ScopeItem(text, normalise_name(text), notes, permit))
        yield from _shared_verbs(pieces)


def _shared_verbs(pieces: list[ScopeItem]) -> list[ScopeItem]:
    """Items of an enumeration whose verb stands at its end: 五金、文具批发、零售.

    A noun without a verb takes the verbs that follow it; a verb alone belongs to what is before.
    """
    found: list[ScopeItem] = []
    following: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    for piece in reversed(pieces):
        noun, verb = _noun_and_verb(piece.text)
        if verb and not noun:
            alone = (*_VERBS[verb], *alone)
            continue
        if verb:
            following = tuple(dict.fromkeys((*_VERBS[verb], *alone)))
        elif alone:
            following = alone
        alone = ()
        names = [noun + each for each in following] or [piece.text]
        bare = "" if verb or not following else piece.key
        found += [_renamed(piece, name, bare) for name in reversed(names)]
    found += [_renamed(pieces[0], verb) for verb in reversed(alone)]
    return found[::-1]


def _renamed(piece: ScopeItem, name: str, bare: str = "") -> ScopeItem:
    return ScopeItem(name, normalise_name(name), piece.notes, piece.permit, bare)


def _noun_and_verb(text: str) -> tuple[str, str]:
    for verb in _LONGEST_FIRST:
        if text.endswith(verb):
            return text.removesuffix(verb), verb
    return text, ""


def _split(text: str, separators: str) -> list[str]:
    """Cut at separators outside of brackets; a bracket that never closes holds the rest."""
    parts, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1 if depth else 0}.get(character, 0)
        if depth == 0 and character in separators:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _outside(text: str) -> tuple[str, tuple[str, ...]]:
    """The text outside of brackets, and what each outermost pair of brackets holds."""
    outside, inside, depth = "", [""], 0
    for character in unicodedata.normalize("NFKC", text):
        if character == "(":
            depth += 1
            if depth == 1:
                inside.append("")
                continue
        elif character == ")" and depth:
            depth -= 1
            if depth == 0:
                continue
        if depth:
            inside[-1] += character
        elif character != ")":
            outside += character
    return outside, tuple(note for note in inside if note)
