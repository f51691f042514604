"""Unified social credit code 统一社会信用代码 (GB 32100-2015)."""

import re
from dataclasses import dataclass
from operator import mul
from typing import Final, Self

from license_verify.refusal import Kind, Refusal

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of the code in order of value; no I O S V Z."""

_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
# Characters to their values, so that a whole code is one `translate` away from its values.
_VALUES: Final = bytes(_VALUE.get(chr(i), 0) for i in range(256))
_SHAPE: Final = re.compile(rf"[{ALPHABET}]{{18}}", re.ASCII)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


class InvalidUscc(Refusal):
    """Wrong length, alphabet or check character."""

    kind = Kind.INVALID
    reason = "USCC_INVALID"


def check_character(body: str) -> str:
    """Compute the 18th character from the first 17 (GB 32100-2015 §4.4, modulus 31).

    Raises:
        InvalidUscc: not 17 characters of the alphabet.
    """
    if len(body) != 17 or not set(body) <= _VALUE.keys():
        raise InvalidUscc("a credit code has 17 characters before its check character")
    return ALPHABET[-_weighted_sum(body) % 31]


def _weighted_sum(text: str) -> int:
    return sum(map(mul, _WEIGHTS, text.encode("ascii").translate(_VALUES)))


@dataclass(frozen=True, slots=True)
class Uscc:
    """A unified social credit code.

    Made only by `parse`, so holding one proves its check character, not that the code was ever
    assigned. Its region is that of the *first* registrar and may be retired since: never derive
    who is in charge from it.
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 18 characters, upper case, no separators.

        Raises:
            InvalidUscc: wrong length, alphabet or check character.
        """
        if not _SHAPE.fullmatch(text):
            raise InvalidUscc(
                "a credit code is 18 characters of 0-9 and A-Y without I, O, S and V, upper case",
                zh="统一社会信用代码应为18位数字或大写字母（不含I、O、S、V、Z）",
            )
        if (_weighted_sum(text) + _VALUE[text[17]]) % 31:
            raise InvalidUscc(
                "the check character of the credit code does not fit; a character was misread",
                zh="统一社会信用代码校验不通过",
            )
        return cls(text)

    @property
    def department(self) -> str:
        """Two characters: 91 enterprise or branch, 92 household, 93 cooperative, 99 other."""
        return self.text[:2]

    @property
    def region(self) -> str:
        """Six digits: where the entity was *first* registered, in GB/T 2260 of that day."""
        return self.text[2:8]

    @property
    def organisation_code(self) -> str:
        """Nine characters 组织机构代码 (GB 11714), the last its own check."""
        return self.text[8:17]

    @property
    def organisation_check_passes(self) -> bool:
        """Whether the embedded organisation code fits its own check (GB 11714).

        A failure is worth a warning only: codes like that were assigned.
        """
        values = (int(character, 36) for character in self.organisation_code[:8])
        check = 11 - sum(map(mul, _ORGANISATION_WEIGHTS, values)) % 11
        return self.organisation_code[8] == {10: "X", 11: "0"}.get(check, str(check))

    def __str__(self) -> str:
        return self.text
