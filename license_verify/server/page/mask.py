"""Numbers of natural persons that strayed into free text are not shown (domain: privacy).

Names of persons and addresses on a face are public registration data and stay; what an office typed
beside them, an ID number in a name or a mobile number behind an address, does not.
"""

import re
from typing import Final

_ID_NUMBER: Final = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_OLD_ID_NUMBER: Final = r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
_MOBILE: Final = r"1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
_LANDLINE: Final = r"0\d{2,3}[- ]?\d{7,8}"
_NUMBERS: Final = re.compile(
    rf"(?<!\d)(?:{_ID_NUMBER}|{_OLD_ID_NUMBER}|{_MOBILE}|{_LANDLINE})(?!\d)", re.ASCII
)
MASK: Final = "＊＊＊＊"


def masked(text: str) -> str:
    """The text without ID and telephone numbers, each replaced by stars."""
    return _NUMBERS.sub(MASK, text)
