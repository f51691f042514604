"""Landmarks in brackets behind a house number, which people write or leave out as they like.

样例路2号（万达广场对面） is 样例路2号; 样例路2号（3号楼） is one house of several, and stays.
"""

import re
from typing import Final

from license_verify.numerals import NUMERALS

_BRACKETS: Final = re.compile(r"(?<![0-9])\(([^()]*)\)")
_HOUSE: Final = re.compile("[0-9](?:号|室|$)")
_DISTANCE: Final = re.compile(
    "(?:以|往|向|朝)?[东西南北]+(?:方向)?(?:大?约)?[0-9]+(?:\\.[0-9]+)?(?:多|余)?(?:米|m|公里|千米|km)(?:处|左右)*$"
)
_BESIDE: Final = re.compile(
    "(?:斜?对面|对过|旁边?|附近|隔壁|(?:路口|交叉口|交汇处|交界处)(?:[东西南北]+[侧角]?)?"
    "|[东西南北]+(?:侧|邻|临|角|面|边))$"
)
# A part of a building, or a number: that tells one place from another.
_TELLS: Final = re.compile(f"[^\u4e00-\u9fff]|[内里上下号室楼层栋幢座户铺间柜厅位{NUMERALS}]")
_LEAST: Final = 2
"""Characters of the landmark's name: （东侧） alone is a side of the house itself."""


def without_landmarks(key: str) -> str:
    """An address without the landmarks in its brackets, where a house number stays.

    Left out is only what names a neighbour, by a distance or a word such as 对面, without a number
    and without a part of a building.

    Args:
        key: made by `spelling.address_key`.

    >>> without_landmarks("样例路2号(样例路口向南100米)"), without_landmarks("样例路2号(3号楼)")
    ('样例路2号', '样例路2号(3号楼)')
    """
    if "(" not in key:
        return key
    bare = _BRACKETS.sub(lambda found: "" if _is_landmark(found[1]) else found[0], key)
    return bare if _HOUSE.search(bare) else key


def _is_landmark(remark: str) -> bool:
    remark = remark.replace("十字路口", "路口路口")  # no number
    named = _DISTANCE.sub("", remark)
    if named == remark:
        named = _BESIDE.sub("", remark)
    return named != remark and len(named) >= _LEAST and not _TELLS.search(named)
