"""Capital 注册资本, 出资额: printed as it came, counted in integer minor units."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from license_verify.limits import CAPITAL_CHARACTERS
from license_verify.text import clean

_CURRENCIES: Final = {
    "": "CNY",
    "人民币": "CNY",
    "人民币元": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "日元": "JPY",
    "港元": "HKD",
    "港币": "HKD",
    "英镑": "GBP",
    "韩元": "KRW",
    "新加坡元": "SGD",
}
_UNITS: Final = {"": 1, "元": 1, "万": 10_000, "万元": 10_000, "亿": 10**8, "亿元": 10**8}
_NAMES: Final = "|".join(sorted(filter(None, _CURRENCIES), key=len, reverse=True))
_SHAPE: Final = re.compile(
    r"(?P<number>\d{1,12}(?:\.\d{1,6})?)\s*\(?"
    rf"(?P<before>{_NAMES}|)(?P<unit>万元|亿元|万|亿|元|)\(?(?P<after>{_NAMES}|)\)?"
)
_FOLD: Final = str.maketrans("（）０１２３４５６７８９．", "()0123456789.", ",， ")


@dataclass(frozen=True, slots=True)
class Capital:
    """An amount as printed, with its value where the text tells it."""

    text: str
    """As printed, `100万元人民币`."""
    fen: int | None
    """Minor units: 1/100 of the currency; None where the text does not tell."""
    currency: str | None
    """ISO 4217."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an amount as real files write it: `66万人民币`, `1,888(万元人民币)`, `1000万元`.

        A text that cannot be read as an amount is kept as printed without a value: the face
        prints the text, and nothing is guessed.

        Raises:
            UnfitText: too long, or with invisible characters.
        """
        text = clean(text, CAPITAL_CHARACTERS)
        found = _SHAPE.fullmatch(text.translate(_FOLD))
        if not found or (found["before"] and found["after"]):
            return cls(text, None, None)
        fen = Decimal(found["number"]) * _UNITS[found["unit"]] * 100
        if fen != fen.to_integral_value() or fen >= 2**63:
            return cls(text, None, None)
        return cls(text, int(fen), _CURRENCIES[found["before"] or found["after"]])
