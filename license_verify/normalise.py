"""Two spellings of one name or place brought to one key, for comparing only.

The keys are never shown, stored as facts or signed. They are pure functions of the text, so
that the registry's rule 11 and a checker's comparison agree.
"""

import re
import unicodedata
from typing import Final

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣ー", "-"))
_DOTS: Final = str.maketrans(dict.fromkeys("•・‧∙⋅●．", "·"))
_BRACKETS: Final = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")"})
_PROVINCE_AND_CITY: Final = re.compile(r"^(山东省?)?(济宁市)?")
_MANY_ADDRESSES: Final = re.compile(r"\(一照多址(企业)?\)$")


# Most texts: what stands here is its own compatibility form, whatever stands beside it.
_FOLDED: Final = re.compile("[0-9a-z()\u4e00-\u9fff-]+")


def _folded(text: str) -> str:
    """Compatibility form: half width, lower case, no blanks, one kind of bracket and dash."""
    if _FOLDED.fullmatch(text):
        return text
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).translate(_BRACKETS)
    return "".join(text.split()).casefold()


def normalise_address(text: str) -> str:
    """Key of an address: folded, without the leading province and city (often left out in
    practice) and without the mark （一照多址） that some faces print behind it.

    >>> normalise_address("山东省济宁市任城区阜桥街道 某路２号（一照多址）")
    '任城区阜桥街道某路2号'
    """
    return _PROVINCE_AND_CITY.sub("", _MANY_ADDRESSES.sub("", _folded(text)))


def normalise_name(text: str) -> str:
    """Key of a business name: folded only.

    The place in front stays: 济宁市某某公司 and 某某公司 are two businesses.
    """
    return _folded(text)


def normalise_person(text: str) -> str:
    """Key of a person's name: folded, the dots inside a transliterated name alike."""
    return _folded(text.translate(_DOTS))
