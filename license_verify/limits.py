"""Every bound that hostile input meets, in one place.

Each is checked before the work it bounds, and each has a named error.
"""

from typing import Final

SCAN_CHARACTERS: Final = 2_048
"""Longest text taken from a symbol or a request; a token's own text stays below 1,700."""

DIGITS: Final = 1_600
"""Decimal digits of one token; a QR of version 22 at level M holds 1,600 odd."""

TOKEN_BYTES: Final = 665
"""What 1,600 digits can carry: 1600 / log10(256), rounded up."""

CBOR_DEPTH: Final = 8
"""Containers inside containers. A token needs three."""

NAME_CHARACTERS: Final = 100
ADDRESS_CHARACTERS: Final = 256
PERSON_CHARACTERS: Final = 100
CAPITAL_CHARACTERS: Final = 64
FORM_CHARACTERS: Final = 32
SCOPE_CHARACTERS: Final = 4_000
SHORTENED_NAME_CHARACTERS: Final = 40
URI_CHARACTERS: Final = 256

BATCH_ITEMS: Final = 1_000
"""Requests of one batch call."""

STATUS_ENTRIES: Final = 1 << 20
"""Entries of one status list."""

STATUS_LIST_BYTES: Final = STATUS_ENTRIES // 2
"""Inflated size of one list of 4-bit entries."""

LIST_DOCUMENT_BYTES: Final = STATUS_LIST_BYTES + 4_096
"""One signed list as it travels: deflate never grows its input by more than a little."""

TRUST_LIST_BYTES: Final = 256 * 1024
TRUST_KEYS: Final = 512
TRUST_HOSTS: Final = 64
ROOT_LINKS: Final = 32

TRANSCRIPT_BYTES: Final = 2 * TRUST_LIST_BYTES
TRANSCRIPT_LINES: Final = 2_048

MANIFEST_BYTES: Final = 1024 * 1024
LISTS: Final = 1_024
"""Status lists of one bundle: 2^30 documents."""

STATEMENT_PREMISES: Final = 2_000
"""Places on one premises statement; firms with 300 are known."""

STATEMENT_BYTES: Final = 3 * 1024 * 1024
"""One signed statement: `STATEMENT_PREMISES` places, each with the longest title and address."""

BUNDLE_BYTES: Final = 256 * 1024 * 1024
STATEMENTS: Final = 100_000

DELTA_PARTS: Final = 2_048
"""Parts of which a delta makes one document."""
