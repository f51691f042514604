"""Tables `partner`, `partner_grant` and `partner_certificate`, for acts on them."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg.rows import DictRow

from license_verify.server.database.connections import Connection
from license_verify.server.database.directory import grant_from, partner_from
from license_verify.server.partners.partner import Grant, Partner

_TOUCH: LiteralString = """
    UPDATE directory_revision SET number = number + 1, stamp = gen_random_uuid()
"""
_COLUMNS: LiteralString = """
    SELECT id, title, state, calls_per_second, burst, calls_at_once, checks_per_day, revision,
           created_at, changed_at
      FROM partner
"""
_FIND: LiteralString = _COLUMNS + " WHERE id = %(id)s"
_LOCK: LiteralString = _FIND + " FOR UPDATE"
_PAGE: LiteralString = _COLUMNS + " WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
_ADD: LiteralString = """
    INSERT INTO partner (id, title, state, calls_per_second, burst, calls_at_once, checks_per_day,
                         revision, created_at, changed_at)
    VALUES (%(id)s, %(title)s, %(state)s, %(calls_per_second)s, %(burst)s, %(calls_at_once)s,
            %(checks_per_day)s, 1, %(now)s, %(now)s)
        ON CONFLICT (id) DO NOTHING
"""
_SAVE: LiteralString = """
    UPDATE partner
       SET title = %(title)s, state = %(state)s, calls_per_second = %(calls_per_second)s,
           burst = %(burst)s, calls_at_once = %(calls_at_once)s,
           checks_per_day = %(checks_per_day)s, revision = revision + 1, changed_at = %(now)s
     WHERE id = %(id)s
"""
_GRANTS: LiteralString = """
    SELECT partner_id, purpose, items, claims, from_date, until_date, revoked_at, revision
      FROM partner_grant WHERE partner_id = %(id)s ORDER BY purpose
"""
_PUT_GRANT: LiteralString = """
    INSERT INTO partner_grant (partner_id, purpose, items, claims, from_date, until_date,
                               revoked_at, revision)
    VALUES (%(id)s, %(purpose)s, %(items)s, %(claims)s, %(from_date)s, %(until_date)s,
            %(revoked_at)s, 1)
        ON CONFLICT (partner_id, purpose) DO UPDATE SET
           items = excluded.items, claims = excluded.claims, from_date = excluded.from_date,
           until_date = excluded.until_date, revoked_at = excluded.revoked_at,
           revision = partner_grant.revision + 1
"""
_CERTIFICATE: LiteralString = """
    SELECT partner_id, fingerprint, serial_number, expires_at, first_seen_at, last_seen_at,
           disabled_at, disabled_by, disabled_because
      FROM partner_certificate
"""
_CERTIFICATES: LiteralString = (
    _CERTIFICATE
    + """
     WHERE partner_id = %(id)s AND fingerprint > %(after)s ORDER BY fingerprint LIMIT %(limit)s
"""
)
_ONE_CERTIFICATE: LiteralString = (
    _CERTIFICATE + " WHERE partner_id = %(id)s AND fingerprint = %(fingerprint)s"
)
# What disabled it first stays.
_DISABLE: LiteralString = """
    INSERT INTO partner_certificate (partner_id, fingerprint, disabled_at, disabled_by,
                                     disabled_because)
    VALUES (%(id)s, %(fingerprint)s, %(now)s, %(by)s, %(why)s)
        ON CONFLICT (partner_id, fingerprint) DO UPDATE SET
           disabled_at = excluded.disabled_at, disabled_by = excluded.disabled_by,
           disabled_because = excluded.disabled_because
     WHERE partner_certificate.disabled_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class KnownCertificate:
    """A certificate that was used, or disabled, or both."""

    partner_id: str
    fingerprint: bytes
    serial_number: str
    expires_at: datetime | None
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    disabled_at: datetime | None
    disabled_by: str
    disabled_because: str


class PartnerTable:
    """Partners, in the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def touch(self) -> None:
        """Tell every node that something changed; others who change something wait for us."""
        self._connection.execute(_TOUCH)

    def find(self, partner_id: str, *, lock: bool = False) -> Partner | None:
        """A partner with its grants; `lock`: nobody else changes it until the transaction ends."""
        query = _LOCK if lock else _FIND
        row = self._connection.execute(query, {"id": partner_id}).fetchone()
        return partner_from(row, self.grants(partner_id)) if row else None

    def page(self, after: str, limit: int) -> list[Partner]:
        """Partners by id, with their grants."""
        rows = self._connection.execute(_PAGE, {"after": after, "limit": limit}).fetchall()
        return [partner_from(row, self.grants(row["id"])) for row in rows]

    def add(self, partner: Partner, now: datetime) -> bool:
        """Put a new partner down; False where its id was ever given."""
        return self._connection.execute(_ADD, _row(partner, now)).rowcount == 1

    def save(self, partner: Partner, now: datetime) -> None:
        """Write title, state and quota over."""
        self._connection.execute(_SAVE, _row(partner, now))

    def grants(self, partner_id: str) -> dict[str, Grant]:
        """A partner's grants by purpose."""
        rows = self._connection.execute(_GRANTS, {"id": partner_id})
        return {row["purpose"]: grant_from(row) for row in rows}

    def put_grant(self, partner_id: str, grant: Grant) -> None:
        """Give a grant, in place of the one for the same purpose."""
        self._connection.execute(
            _PUT_GRANT,
            {
                "id": partner_id,
                "purpose": grant.purpose,
                "items": sorted(grant.items),
                "claims": sorted(grant.claims),
                "from_date": grant.from_date,
                "until_date": grant.until_date,
                "revoked_at": grant.revoked_at,
            },
        )

    def certificates(self, partner_id: str, after: bytes, limit: int) -> list[KnownCertificate]:
        """A partner's certificates by fingerprint."""
        key = {"id": partner_id, "after": after, "limit": limit}
        return [_certificate(row) for row in self._connection.execute(_CERTIFICATES, key)]

    def disable(
        self, partner_id: str, fingerprint: bytes, by: str, why: str, now: datetime
    ) -> KnownCertificate:
        """Disable a certificate, known or not; once is enough."""
        key = {"id": partner_id, "fingerprint": fingerprint, "by": by, "why": why, "now": now}
        self._connection.execute(_DISABLE, key)
        row = self._connection.execute(_ONE_CERTIFICATE, key).fetchone()
        assert row is not None  # noqa: S101 - it was put there
        return _certificate(row)


def _row(partner: Partner, now: datetime) -> dict[str, object]:
    quota = partner.quota
    return {
        "id": partner.id,
        "title": partner.title,
        "state": partner.state.value,
        "calls_per_second": quota.calls_per_second,
        "burst": quota.burst,
        "calls_at_once": quota.calls_at_once,
        "checks_per_day": quota.checks_per_day,
        "now": now,
    }


def _certificate(row: DictRow) -> KnownCertificate:
    return KnownCertificate(
        row["partner_id"],
        bytes(row["fingerprint"]),
        row["serial_number"] or "",
        row["expires_at"],
        row["first_seen_at"],
        row["last_seen_at"],
        row["disabled_at"],
        row["disabled_by"] or "",
        row["disabled_because"] or "",
    )
