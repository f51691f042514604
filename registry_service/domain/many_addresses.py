"""How a licence shows that it covers many addresses 一照多址 (CFG in domain.md §4)."""

from enum import StrEnum


class MarkMode(StrEnum):
    """What the printed address says of filed premises."""

    SUFFIX = "suffix"
    """The address ends in （一照多址）."""
    INLINE_LIST = "inline_list"
    """Every filed address is printed below the domicile."""
    SUFFIX_PLUS_QR_LIST = "suffix_plus_qr_list"
    """The suffix; the list is what the page behind the QR shows."""


class Reissue(StrEnum):
    """When a filing of premises asks for a new licence."""

    FIRST_ONLY = "first_only"
    """At the first filed place, so that the licence carries the mark; and when the last ends."""
    ALWAYS = "always"
    """At every change of the list."""
    NEVER = "never"
    """Not before the face changes for another reason."""
