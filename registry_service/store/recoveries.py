"""Tables `recovery` and `lost_entry`, and the sequences that a recovery moves on."""

from collections.abc import Iterable
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.lists.status import Status
from registry_service.domain.feed import Gap
from registry_service.domain.recovery import Jump, Recovery, first_seq
from registry_service.store.rows import only_row

_SERVING_KEY: Final = 0x59_5A_00_03
_LATEST: LiteralString = """
    SELECT epoch, recovered_at, manifest_digest, published_seq, database_seq, number_floor,
           sequence_floor, first_list_no, trust_floor, feed_before, feed_after
      FROM recovery ORDER BY epoch DESC LIMIT 1
"""
_KNOWS: LiteralString = "SELECT FROM recovery WHERE manifest_digest = %(digest)s"
_ADD: LiteralString = """
    INSERT INTO recovery (epoch, recovered_at, manifest_digest, published_seq, database_seq,
                          number_floor, sequence_floor, first_list_no, trust_floor, feed_before,
                          feed_after)
    VALUES (%(epoch)s, %(now)s, %(manifest_digest)s, %(published_seq)s, %(database_seq)s,
            %(number)s, %(sequence)s, %(list_no)s, %(trust_version)s, %(feed_before)s,
            %(feed_no)s)
"""
_ADD_LOST: LiteralString = """
    INSERT INTO lost_entry (list_no, idx, epoch, published)
    VALUES (%(list_no)s, %(idx)s, %(epoch)s, %(published)s)
    ON CONFLICT (list_no, idx) DO NOTHING
"""
_LOST: LiteralString = """
    SELECT published, count(*) AS n FROM lost_entry WHERE epoch = %(epoch)s GROUP BY published
"""
_GAPS: LiteralString = """
    SELECT feed_before, feed_after FROM recovery WHERE feed_before < feed_after ORDER BY epoch
"""
_TRUST_FLOOR: LiteralString = "SELECT coalesce(max(trust_floor), 1) AS version FROM recovery"
# Status entries go on by their list. Their sequence is the only one with a meaning of its own.
_SEQUENCES: LiteralString = """
      FROM pg_sequences WHERE schemaname = 'public' AND sequencename <> 'status_entry_seq'
"""
# The access record counts reads, far more than anything else: it would push names into epochs that
# nobody needs. Nothing names its numbers.
_HIGHEST_SEQUENCE: LiteralString = (
    "SELECT coalesce(max(last_value), 0) AS n"
    + _SEQUENCES
    + " AND sequencename <> 'access_access_no_seq'"
)
_RAISE_SEQUENCES: LiteralString = (
    "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass,"
    " greatest(coalesce(last_value, 0), %(floor)s))" + _SEQUENCES
)
# Whoever serves holds it together with others that serve; a recovery holds it alone.
_SERVE: LiteralString = "SELECT pg_try_advisory_lock_shared(%(key)s)"
_ALONE: LiteralString = "SELECT pg_try_advisory_lock(%(key)s)"


def hold_register(connection: "psycopg.Connection[Any]", *, alone: bool) -> bool:
    """Hold the register, for serving or alone, until the connection ends; False: others do."""
    row = connection.execute(_ALONE if alone else _SERVE, {"key": _SERVING_KEY}).fetchone()
    return bool(row and row[0])


class Recoveries:
    """What was recovered; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def latest(self) -> Recovery | None:
        """The last recovery; None if nothing was ever restored."""
        row = self._connection.execute(_LATEST).fetchone()
        if row is None:
            return None
        jump = Jump(
            epoch=row["epoch"],
            seq=first_seq(row["epoch"]),
            number=row["number_floor"],
            sequence=row["sequence_floor"],
            list_no=row["first_list_no"],
            trust_version=row["trust_floor"],
            feed_no=row["feed_after"],
        )
        return Recovery(
            recovered_at=row["recovered_at"],
            manifest_digest=bytes(row["manifest_digest"]),
            published_seq=row["published_seq"],
            database_seq=row["database_seq"],
            feed_before=row["feed_before"],
            jump=jump,
        )

    def knows(self, manifest_digest: bytes) -> bool:
        """Whether the register was recovered from the bundle with this manifest."""
        key = {"digest": manifest_digest}
        return self._connection.execute(_KNOWS, key).fetchone() is not None

    def add(self, recovery: Recovery) -> None:
        """Begin its epoch: numbers below entities go on there from now."""
        jump = recovery.jump
        row = {
            "epoch": jump.epoch,
            "now": recovery.recovered_at,
            "manifest_digest": recovery.manifest_digest,
            "published_seq": recovery.published_seq,
            "database_seq": recovery.database_seq,
            "number": jump.number,
            "sequence": jump.sequence,
            "list_no": jump.list_no,
            "trust_version": jump.trust_version,
            "feed_before": recovery.feed_before,
            "feed_no": jump.feed_no,
        }
        self._connection.execute(_ADD, row)

    def add_lost(self, epoch: int, entries: Iterable[tuple[int, int, Status]]) -> None:
        """Keep list, index and published status of documents that no row tells of."""
        rows = [
            {"epoch": epoch, "list_no": list_no, "idx": index, "published": status}
            for list_no, index, status in entries
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(_ADD_LOST, rows)

    def lost(self, epoch: int) -> dict[Status, int]:
        """How many such documents an epoch's recovery found, by published status."""
        rows = self._connection.execute(_LOST, {"epoch": epoch})
        return {Status(row["published"]): row["n"] for row in rows}

    def gaps(self) -> tuple[Gap, ...]:
        """Feed numbers of events that are lost, in order."""
        rows = self._connection.execute(_GAPS)
        return tuple(Gap(row["feed_before"], row["feed_after"]) for row in rows)

    def trust_floor(self) -> int:
        """The least version that a new trust list may have."""
        return int(only_row(self._connection, _TRUST_FLOOR)["version"])

    def highest_of_sequences(self) -> int:
        """The highest number that any sequence gave, status entries and the access record aside."""
        return int(only_row(self._connection, _HIGHEST_SEQUENCE)["n"])

    def raise_sequences(self, floor: int) -> None:
        """Let every sequence but that of status entries go on above `floor`.

        Not undone by a rollback, which harms nothing: numbers may be left out.
        """
        self._connection.execute(_RAISE_SEQUENCES, {"floor": floor})
