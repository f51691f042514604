"""Whether two people wrote the same name or place: keys for comparing claims, for nothing else.

A key goes further than `normalise`, whose keys the registry stores, and only where the meaning
cannot change: 五号楼, 5#楼 and ５号楼 are one building, 1-107 and 1107 are two rooms.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from license_verify.codes.unit import UNITS, UnitKind
from license_verify.landmarks import without_landmarks
from license_verify.normalise import normalise_address, normalise_name, normalise_person
from license_verify.numerals import NUMERALS, in_digits

_COUNTIES: Final = "|".join(unit.name for unit in UNITS.values() if unit.kind is UnitKind.COUNTY)
_LEADING: Final = re.compile(rf"^(?:中华人民共和国|中国)?(?:山东省?)?(?:济宁市?)?(?={_COUNTIES})")
_PROVINCE_AND_CITY: Final = re.compile("^(山东省)?(济宁市)?")
_QUOTE_MARKS: Final = "\"'“”‘’「」『』《》<>"
_QUOTES: Final = str.maketrans(dict.fromkeys(_QUOTE_MARKS))
# Two numbers stay two where nothing but these stands between them.
_BETWEEN_DIGITS: Final = re.compile(rf"(?<=[0-9])[\s{_QUOTE_MARKS}]+(?=[0-9])")
# What Unicode makes a number of that is not written like one: ², ½, ①, ㊀, ⒈, ㋀, ㍘, ㏠, 🄀. Beside
# a number it would become a part of it, 1²号 be 12号.
_ODD_NUMBER: Final = (
    "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u215f\u2189\u2460-\u2473\u2488-\u249b\u24ea"
    "\u3192-\u3195\u3251-\u325f\u3280-\u3289\u32b1-\u32bf\u32c0-\u32cb\u3358-\u3370\u3378\u3379"
    "\u339f-\u33a6\u33a8\u33af\u33e0-\u33fe\U0001f100-\U0001f10a\U0001f214\U0001f229\U0001f22a"
)
_ODD: Final = re.compile(f"[{_ODD_NUMBER}]")
_PLAIN_NUMBER: Final = rf"\d{NUMERALS}"
_BETWEEN_ODD: Final = re.compile(
    rf"(?<=[{_PLAIN_NUMBER}{_ODD_NUMBER}])[\s{_QUOTE_MARKS}]*(?=[{_ODD_NUMBER}])"
    rf"|(?<=[{_ODD_NUMBER}])[\s{_QUOTE_MARKS}]*(?=[{_PLAIN_NUMBER}])"
)
_DASHES: Final = re.compile("[-~]+")
_STOPS: Final = re.compile("[,;、。]+")
# Between two digits a stop means "and", or a decimal; elsewhere people set it as they like.
_IDLE_STOP: Final = re.compile("(?<![0-9]),|,(?![0-9])")
_MARKS: Final = re.compile(r"(?:\(?一照多址(?:企业)?\)?|\(自主申报\))+$")
_NUMBER_SIGN: Final = re.compile("(?<=[0-9])#号?")
# Behind a digit, as of 5二楼, it is another number.
_CHINESE_NUMBER: Final = re.compile(
    f"(?<![0-9{NUMERALS}])[{NUMERALS}]+(?=号|栋|幢|座|单元|层|楼|室|户)"
)
_DOTS: Final = str.maketrans(dict.fromkeys("•・‧∙⋅●．", "·"))
_BRACKETS: Final = str.maketrans({"(": "（", ")": "）"})


def address_key(text: str) -> str:
    """Key of an address: like `normalise_address`, and besides 济宁 without 市 in front, marks
    behind, quotes, idle stops, doubled dashes, `5#` for 5号, and Chinese numerals of houses.

    County, road, house, unit and room all stay: what is left out there is another place.

    >>> address_key("济宁曲阜市鲁城街道“样例”街，五号楼 1—107号")
    '曲阜市鲁城街道样例街5号楼1-107号'
    """
    text = unicodedata.normalize("NFKC", _apart(text))
    text = normalise_address(_BETWEEN_DIGITS.sub("-", text).translate(_QUOTES))
    text = _MARKS.sub("", text)
    text = _LEADING.sub("", _DASHES.sub("-", text))
    text = _CHINESE_NUMBER.sub(lambda found: in_digits(found[0]), text)
    text = _NUMBER_SIGN.sub("号", text)
    return _IDLE_STOP.sub("", _STOPS.sub(",", text))


def find_address(sought: str, among: Sequence[str]) -> int | None:
    """Which of several addresses it is: one with the same key, or else with the same key but for a
    landmark in brackets that one side leaves out. None: none of them."""
    key, keys = address_key(sought), [address_key(each) for each in among]
    if key in keys:
        return keys.index(key)
    bare = without_landmarks(key)
    if bare in keys:
        return keys.index(bare)
    return next((at for at, each in enumerate(keys) if without_landmarks(each) == key), None)


def name_key(text: str) -> str:
    """Key of a business name: brackets, width, blanks, case, quotes and dots alike.

    Nothing is left out: 济宁市某某公司 and 某某公司 are two businesses.
    """
    return normalise_name(_apart(text).translate(_DOTS)).translate(_QUOTES)


def person_key(text: str) -> str:
    """Key of a person's name."""
    return normalise_person(_apart(text))


def _apart(text: str) -> str:
    """With ^ between two numbers of which one is raised, circled or the like: 1²号 is not 12号."""
    return _BETWEEN_ODD.sub("^", text) if _ODD.search(text) else text


def address_spellings(text: str) -> tuple[str, ...]:
    """How a printed address may have been spelt that somebody wrote like this, likeliest first.

    A digest knows one spelling only: these are tried against it.
    """
    bare = _PROVINCE_AND_CITY.sub("", text)
    fronts = (text, f"山东省济宁市{bare}", f"济宁市{bare}", bare)
    return tuple(dict.fromkeys(form for front in fronts for form in _bracketed(front)))


def name_spellings(text: str) -> tuple[str, ...]:
    """The same for a business name, of which nothing is left out."""
    return tuple(dict.fromkeys(_bracketed(text)))


def _bracketed(text: str) -> tuple[str, str, str]:
    """As it stands, with wide brackets, and with narrow ones; these two without blanks."""
    narrow = "".join(text.replace("（", "(").replace("）", ")").split())
    return text, narrow.translate(_BRACKETS), narrow
