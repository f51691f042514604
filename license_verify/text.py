"""Text that people will read: one normal form and nothing invisible in it."""

import re
import unicodedata
from typing import Final

from license_verify.refusal import Kind, Refusal


class UnfitText(Refusal):
    """A text is blank, too long, or holds a character that a reader could not see."""

    kind = Kind.INVALID
    reason = "UNFIT_TEXT"


# Controls, format and bidi characters, separators of lines, surrogates, private use and
# noncharacters. Listed, not asked of `unicodedata`: the answer must not depend on the Unicode
# version of the interpreter, and rare Han characters may be newer than it. Variation
# selectors stay allowed: they pick the glyph of a rare character in a person's name.
_FORBIDDEN: Final = re.compile(
    "["
    "\u0000-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\U000f0000-\U0010ffff"
    # Letters and symbols that print as nothing.
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    "]"
)


# What nearly every text consists of: ASCII that prints, common Han characters, Chinese
# punctuation. Each stands for itself in NFC and combines with nothing, so such a text needs one
# look; blank it is not, as it does not begin with a space.
_PLAIN: Final = re.compile(
    "[!-~\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e][ -~\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e]*"
)


def fault(text: str, max_len: int) -> str | None:
    """Say what makes `text` unfit, or None if it is clean as it stands.

    Args:
        text: any string, not yet trusted.
        max_len: most characters (code points) allowed.
    """
    if len(text) > max_len:
        return f"has {len(text)} characters, more than {max_len}"
    if _PLAIN.fullmatch(text):
        return None
    if not text or text.isspace():
        return "is blank"
    found = _FORBIDDEN.search(text)
    if found:
        return f"holds U+{ord(found[0]):04X}, which a reader could not see"
    if not unicodedata.is_normalized("NFC", text):
        return "is not in normal form NFC"
    return None


def clean(text: str, max_len: int) -> str:
    """Bring `text` to NFC without blanks at its ends.

    Raises:
        UnfitText: blank, longer than `max_len` characters, or with a control, bidi or other
            invisible character.
    """
    if len(text) <= max_len and _PLAIN.fullmatch(text) and text[-1] != " ":
        return text
    # Length first: normalising a megabyte to refuse it afterwards is work for nothing.
    if len(text) > 4 * max_len:
        problem: str | None = f"has {len(text)} characters, more than {max_len}"
    else:
        text = unicodedata.normalize("NFC", text).strip(" \u3000")
        problem = fault(text, max_len)
    if problem is not None:
        raise UnfitText(f"the text {problem}", zh="文字为空、过长或含有不可见字符", limit=max_len)
    return text
