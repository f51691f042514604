"""Credit codes and registration numbers that check, in a space that nobody was assigned."""

from typing import Final

from license_verify.codes.registration_number import check_digit
from license_verify.codes.uscc import ALPHABET, check_character

FIRST: Final = 1_000
"""Numbers below are kept for fixtures and demonstrations."""
_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_BLOCKS: Final = "NPQRTUWXY"
_BLOCK_SIZE: Final = len(ALPHABET) ** 4
CAPACITY: Final = len(_BLOCKS) * _BLOCK_SIZE - FIRST


def organisation_code(number: int) -> str:
    """The invented organisation code of that number: MAJN0001, with its check (GB 11714)."""
    block, rest = divmod(number, _BLOCK_SIZE)
    digits = ""
    for _ in range(4):
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    body = f"MAJ{_BLOCKS[block]}{digits}"
    values = (int(character, 36) for character in body)
    check = 11 - sum(w * v for w, v in zip(_WEIGHTS, values, strict=True)) % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def uscc(department: str, region: str, number: int) -> str:
    """A valid code, as `uscc("91", "370811", 1)` = 91370811MAJN000108."""
    body = f"{department}{region}{organisation_code(number)}"
    return body + check_character(body)


def misread(code: str) -> str:
    """The code with a wrong check character."""
    return code[:17] + ALPHABET[(ALPHABET.index(code[17]) + 1) % len(ALPHABET)]


def registration_number(region: str, household: bool, number: int) -> str:
    """An old 注册号 that checks."""
    body = f"{region}{'6' if household else '2'}{number % 10_000_000:07}"
    return body + check_digit(body)
