"""Text that people will read: one normal form and nothing invisible in it."""

import re
import unicodedata
from typing import Final

from license_verify.refusal import FieldViolation, Kind, Refusal


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
    if len(text) <= max_len and _PLAIN.fullmatch(text):
        return None
    wrong = _wrong(text, max_len)
    return None if wrong is None else wrong[0]


def _wrong(text: str, max_len: int) -> tuple[str, str] | None:
    """As `fault`, in English and in Chinese."""
    if len(text) > max_len:
        return _too_long(text, max_len)
    if not text or text.isspace():
        return "is blank", "内容为空"
    found = _FORBIDDEN.search(text)
    if found:
        code = f"U+{ord(found[0]):04X}"
        return f"holds {code}, which a reader could not see", f"含有不可见字符 {code}"
    if not unicodedata.is_normalized("NFC", text):
        return "is not in normal form NFC", "字符不是 NFC 规范形式"
    return None


def _too_long(text: str, max_len: int) -> tuple[str, str]:
    said = f"has {len(text)} characters, more than {max_len}"
    return said, f"内容有 {len(text)} 个字符，最多 {max_len} 个"


def clean(text: str, max_len: int, field: str = "") -> str:
    """Bring `text` to NFC without blanks at its ends.

    Args:
        text: any string, not yet trusted.
        max_len: most characters (code points) allowed.
        field: of the request, as `claims.name`; a refusal names it.

    Raises:
        UnfitText: blank, longer than `max_len` characters, or with a control, bidi or other
            invisible character.
    """
    if len(text) <= max_len and _PLAIN.fullmatch(text) and text[-1] != " ":
        return text
    # Length first: normalising a megabyte to refuse it afterwards is work for nothing.
    if len(text) > 4 * max_len:
        wrong: tuple[str, str] | None = _too_long(text, max_len)
    else:
        text = unicodedata.normalize("NFC", text).strip(" \u3000")
        wrong = _wrong(text, max_len)
    if wrong is None:
        return text
    said, zh = wrong
    fields = (FieldViolation(field, said, zh),) if field else ()
    raise UnfitText(f"{field or 'the text'} {said}", zh=zh, fields=fields, limit=max_len)
