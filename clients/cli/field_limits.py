"""The greatest numbers that the contract's fields hold: what is beyond is wrong usage."""

from typing import Final

INT32: Final = 2**31 - 1
INT64: Final = 2**63 - 1
UINT32: Final = 2**32 - 1
UINT64: Final = 2**64 - 1
