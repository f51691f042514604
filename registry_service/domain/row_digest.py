"""The hash that an event keeps of its own row."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime


def row_digest(fields: Sequence[object]) -> bytes:
    """SHA-256 over the fields of a row as JSON, 32 bytes; times in microseconds since 1970."""
    row = [
        int(field.timestamp() * 1_000_000) if isinstance(field, datetime) else field
        for field in fields
    ]
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).digest()
