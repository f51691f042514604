"""Tables `trust_list`, `published_list` and `manifest`: what is published, as it was signed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

CHANNEL: Final = "yizhao_published"
"""Told of each manifest, by its number, once it is committed."""
# One publisher at a time, and no two publications from one state of the register.
_LOCK_KEY: Final = 0x59_5A_00_02
_LOCK: LiteralString = "SELECT pg_advisory_lock(%s)"
_LOCK_IN_TRANSACTION: LiteralString = "SELECT pg_advisory_xact_lock(%s)"
_UNLOCK: LiteralString = "SELECT pg_advisory_unlock(%s)"
_TRUST: LiteralString = """
    SELECT version, content, issued_at FROM trust_list ORDER BY version DESC LIMIT 1
"""
_ADD_TRUST: LiteralString = """
    INSERT INTO trust_list (version, content, issued_at)
    VALUES (%(version)s, %(content)s, %(issued_at)s)
"""
_LISTS: LiteralString = """
    SELECT uri, list_no, content, issued_at FROM published_list
     WHERE NOT sha256(content) = ANY (%(known)s) ORDER BY uri
"""
_TRUSTS: LiteralString = "SELECT version, content, issued_at FROM trust_list ORDER BY version DESC"
_SAVE_LIST: LiteralString = """
    INSERT INTO published_list (uri, list_no, content, issued_at)
    VALUES (%(uri)s, %(list_no)s, %(content)s, %(issued_at)s)
    ON CONFLICT (uri) DO UPDATE SET content = excluded.content, issued_at = excluded.issued_at
"""
_MANIFEST: LiteralString = """
    SELECT seq, content, issued_at, feed_watermark, marked FROM manifest
"""
_SAVE_MANIFEST: LiteralString = """
    INSERT INTO manifest (seq, content, issued_at, feed_watermark, marked)
    VALUES (%(seq)s, %(content)s, %(issued_at)s, %(feed_watermark)s, %(marked)s)
    ON CONFLICT (only_row) DO UPDATE
       SET seq = excluded.seq, content = excluded.content, issued_at = excluded.issued_at,
           feed_watermark = excluded.feed_watermark, marked = excluded.marked
     WHERE manifest.seq < excluded.seq AND manifest.feed_watermark <= excluded.feed_watermark
"""
_TELL: LiteralString = "SELECT pg_notify('yizhao_published', (%(seq)s::bigint)::text)"


@dataclass(frozen=True, slots=True)
class StoredTrust:
    """A trust list as issued."""

    version: int
    content: bytes
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class StoredList:
    """A status list as published."""

    uri: str
    list_no: int
    content: bytes
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """The manifest in force."""

    seq: int
    content: bytes
    issued_at: datetime
    watermark: int
    marked: bool = True
    """Whether those who publish keep a file of how far."""


def _trust(row: DictRow) -> StoredTrust:
    return StoredTrust(row["version"], bytes(row["content"]), row["issued_at"])


class WentBack(Exception):
    """A publication would have replaced a newer one: a bug, or a restored backup."""


class Publication:
    """What is published; every call but `lock` runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Wait to be the only publisher. Call before the transaction, so that its snapshot is
        taken with the lock held."""
        self._connection.execute(_LOCK, (_LOCK_KEY,))

    def lock_in_transaction(self) -> None:
        """Keep publishers off until the transaction ends: it gives numbers to events itself."""
        self._connection.execute(_LOCK_IN_TRANSACTION, (_LOCK_KEY,))

    def unlock(self) -> None:
        """Let the next publisher go."""
        self._connection.execute(_UNLOCK, (_LOCK_KEY,))

    def trust(self) -> StoredTrust | None:
        """The newest trust list; None before the first."""
        row = self._connection.execute(_TRUST).fetchone()
        return _trust(row) if row else None

    def trusts(self) -> Iterator[StoredTrust]:
        """Every trust list, the newest first."""
        return map(_trust, self._connection.execute(_TRUSTS))

    def add_trust(self, trust: StoredTrust) -> None:
        """Store a trust list under its new version, and wake those who publish."""
        row = {"version": trust.version, "content": trust.content, "issued_at": trust.issued_at}
        self._connection.execute(_ADD_TRUST, row)
        self._connection.execute("NOTIFY yizhao_event")

    def lists(self, known: Collection[bytes] = ()) -> dict[str, StoredList]:
        """Every published list by its uri, but for those with a SHA-256 that is known."""
        return {
            row["uri"]: StoredList(
                row["uri"], row["list_no"], bytes(row["content"]), row["issued_at"]
            )
            for row in self._connection.execute(_LISTS, {"known": list(known)})
        }

    def save_list(self, document: StoredList) -> None:
        """Publish a list in place of its predecessor."""
        row = {
            "uri": document.uri,
            "list_no": document.list_no,
            "content": document.content,
            "issued_at": document.issued_at,
        }
        self._connection.execute(_SAVE_LIST, row)

    def manifest(self) -> StoredManifest | None:
        """The manifest in force; None before the first."""
        row = self._connection.execute(_MANIFEST).fetchone()
        if row is None:
            return None
        return StoredManifest(
            row["seq"],
            bytes(row["content"]),
            row["issued_at"],
            row["feed_watermark"],
            row["marked"],
        )

    def save_manifest(self, manifest: StoredManifest) -> None:
        """Put a manifest in force, and tell other publishers once it is committed.

        Raises:
            WentBack: its seq is not above the one in force, or it has seen fewer events.
        """
        row = {
            "seq": manifest.seq,
            "content": manifest.content,
            "issued_at": manifest.issued_at,
            "feed_watermark": manifest.watermark,
            "marked": manifest.marked,
        }
        if self._connection.execute(_SAVE_MANIFEST, row).rowcount != 1:
            raise WentBack(f"manifest {manifest.seq} is not above the one in force")
        self._connection.execute(_TELL, row)
