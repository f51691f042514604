"""What every node holds of the partners: read at once, and what nodes tell in return."""

from collections.abc import Iterable
from datetime import date
from typing import Final, LiteralString

from psycopg.rows import DictRow

from license_verify.server.database.connections import Connection, Database
from license_verify.server.partners.partner import Grant, Partner, PartnerState, Quota
from license_verify.server.partners.seen import Sighting
from license_verify.server.partners.snapshot import Edition, Snapshot

_SECONDS: Final = 5.0

_EDITION: LiteralString = "SELECT number, stamp FROM directory_revision"
# Writers change it before they commit, and wait for whoever reads: all is of one moment.
_HOLD: LiteralString = _EDITION + " FOR SHARE"
_PARTNERS: LiteralString = """
    SELECT id, title, state, calls_per_second, burst, calls_at_once, checks_per_day, revision,
           created_at, changed_at
      FROM partner
"""
_GRANTS: LiteralString = """
    SELECT partner_id, purpose, items, claims, from_date, until_date, revoked_at, revision
      FROM partner_grant
"""
_DISABLED: LiteralString = """
    SELECT fingerprint FROM partner_certificate WHERE disabled_at IS NOT NULL
"""
# A partner unknown here is none of ours: its certificate is not kept.
_SEEN: LiteralString = """
    INSERT INTO partner_certificate (partner_id, fingerprint, serial_number, expires_at,
                                     first_seen_at, last_seen_at)
    SELECT p.id, %(fingerprint)s, %(serial_number)s, %(expires_at)s, %(first)s, %(last)s
      FROM partner p WHERE p.id = %(partner_id)s
        ON CONFLICT (partner_id, fingerprint) DO UPDATE SET
           serial_number = excluded.serial_number,
           expires_at = excluded.expires_at,
           first_seen_at = LEAST(partner_certificate.first_seen_at, excluded.first_seen_at),
           last_seen_at = GREATEST(partner_certificate.last_seen_at, excluded.last_seen_at)
"""
_COUNT: LiteralString = """
    INSERT INTO partner_day (partner_id, day, checks)
    VALUES (%(partner_id)s, %(day)s, %(count)s)
        ON CONFLICT (partner_id, day) DO UPDATE SET checks = partner_day.checks + excluded.checks
    RETURNING checks
"""
_COUNTED: LiteralString = """
    SELECT checks FROM partner_day WHERE partner_id = %(partner_id)s AND day = %(day)s
"""


class DirectoryTables:
    """The tables of partners as a node reads them; each call has a transaction of its own.

    Every method raises `VerifyDatabaseAway`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def edition(self) -> Edition:
        """What every change changes."""
        with self._database.transaction(_SECONDS) as connection:
            return _edition(connection, _EDITION)

    def snapshot(self) -> Snapshot:
        """Everything, as of one moment."""
        with self._database.transaction(_SECONDS) as connection:
            edition = _edition(connection, _HOLD)
            grants: dict[str, dict[str, Grant]] = {}
            for row in connection.execute(_GRANTS):
                grants.setdefault(row["partner_id"], {})[row["purpose"]] = grant_from(row)
            partners = {
                row["id"]: partner_from(row, grants.get(row["id"], {}))
                for row in connection.execute(_PARTNERS)
            }
            disabled = frozenset(bytes(row["fingerprint"]) for row in connection.execute(_DISABLED))
        return Snapshot(edition, partners, disabled)

    def keep_seen(self, sightings: Iterable[Sighting]) -> None:
        """Put down which certificates were used, and when last."""
        with self._database.transaction(_SECONDS) as connection:
            # One order for all nodes: else two could wait for each other's rows.
            for each in sorted(sightings, key=lambda one: (one.partner_id, one.fingerprint)):
                connection.execute(_SEEN, _sighting(each))

    def count(self, partner_id: str, day: date, count: int) -> int:
        """Add checks to a partner's day; the sum of all nodes. With none to add it only reads:
        every process asks for every partner it ever served, once a second."""
        key = {"partner_id": partner_id, "day": day, "count": count}
        with self._database.transaction(_SECONDS) as connection:
            row = connection.execute(_COUNT if count else _COUNTED, key).fetchone()
        return int(row["checks"]) if row else 0


def grant_from(row: DictRow) -> Grant:
    """A row of `partner_grant`."""
    return Grant(
        row["purpose"],
        frozenset(row["items"]),
        frozenset(row["claims"]),
        row["from_date"],
        row["until_date"],
        row["revoked_at"],
        row["revision"],
    )


def partner_from(row: DictRow, grants: dict[str, Grant]) -> Partner:
    """A row of `partner`, with its grants."""
    return Partner(
        row["id"],
        row["title"],
        PartnerState(row["state"]),
        Quota(row["calls_per_second"], row["burst"], row["calls_at_once"], row["checks_per_day"]),
        grants,
        row["revision"],
        row["created_at"],
        row["changed_at"],
    )


def _edition(connection: Connection, query: LiteralString) -> Edition:
    row = connection.execute(query).fetchone()
    return Edition(row["number"], str(row["stamp"])) if row else Edition(0)


def _sighting(each: Sighting) -> dict[str, object]:
    return {
        "partner_id": each.partner_id,
        "fingerprint": each.fingerprint,
        "serial_number": each.serial_number,
        "expires_at": each.expires_at,
        "first": each.first,
        "last": each.last,
    }
