"""Which part of an answer is asked for, by a query string of ours behind the scanned digits.

The digits stay the proof: whoever follows a link shows the very code that was scanned, and sees
more of what belongs to its firm. No address holds another document's token, so following links
collects none, and there is nothing to count up. docs/adr/0019-page-links.md.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

_OURS: Final = re.compile(rb"(site|unit|after)=([0-9]{1,9})|(firm|scope)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """What of an answer the page lays out; everything None or False is the page itself."""

    site: int | None = None
    """One filed place of the firm."""
    unit: int | None = None
    """The places that one unit supervises."""
    after: int = 0
    """Of those only the ones with greater numbers."""
    firm: bool = False
    """The firm as the register has it now, behind a site's code."""
    scope: bool = False
    """The whole 经营范围."""

    @classmethod
    def of(cls, query: bytes) -> Self:
        """Read a query string; whatever is not ours is left aside, for messengers append things."""
        if not query:
            return cls()
        found: dict[str, int | bool] = {}
        for each in query.split(b"&"):
            ours = _OURS.fullmatch(each)
            if ours is not None:
                key = (ours[1] or ours[3]).decode()
                found.setdefault(key, int(ours[2]) if ours[1] else True)
        return cls(**found)  # type: ignore[arg-type] # the expression names our fields

    @property
    def whole(self) -> bool:
        """Whether it is the page that a camera opens."""
        return self == _WHOLE


_WHOLE: Final = Part()
