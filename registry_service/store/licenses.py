"""Tables `license_version`, `site_code`, `copy_token`: documents that are stored, then signed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

import psycopg
from psycopg import errors
from psycopg.rows import DictRow

from registry_service.domain.errors import LicenseLive, LicenseUnknown
from registry_service.domain.license import DocumentKind, LicenseState, SignedDocument
from registry_service.store.numbers import Numbers

_COLUMNS: LiteralString = """
    state, request_id, kid, to_be_signed, list_no, idx, scan_host, token, token_id, created_at,
    issued_at
"""
_VALUES: LiteralString = """
    %(state)s, %(request_id)s, %(kid)s, %(to_be_signed)s, %(list_no)s, %(idx)s, %(scan_host)s,
    NULL, %(token_id)s, %(created_at)s, NULL
"""
_CHANGE: LiteralString = """
   SET state = %(state)s, token = %(token)s, issued_at = %(issued_at)s
 WHERE entity_no = %(entity_no)s AND state = %(was)s
"""
_SUMMIT: LiteralString = " ORDER BY version DESC LIMIT 1"
_BELOW: LiteralString = " AND version < %(before)s ORDER BY version DESC LIMIT %(limit)s"
_LIVE: LiteralString = " AND state IN ('intent', 'issued')"


@dataclass(frozen=True, slots=True)
class _Table:
    """The statements of one of the tables."""

    select: LiteralString
    of_owner: LiteralString
    """WHERE for the documents of one entity, or of one of its places."""
    number: LiteralString
    """WHERE for one of those."""
    insert: LiteralString
    change: LiteralString


_LICENSES: Final = _Table(
    select="SELECT entity_no, NULL::integer AS premises_no, version,"
    " entity_version AS facts_version, NULL::integer AS copy_of, NULL::integer AS duplicate,"
    + _COLUMNS
    + " FROM license_version",
    of_owner=" WHERE entity_no = %(entity_no)s",
    number=" AND version = %(version)s",
    insert="INSERT INTO license_version (entity_no, version, entity_version,"
    + _COLUMNS
    + ") VALUES (%(entity_no)s, %(version)s, %(facts_version)s,"
    + _VALUES
    + ")",
    change="UPDATE license_version" + _CHANGE + " AND version = %(version)s",
)
_SITE_CODES: Final = _Table(
    select="SELECT entity_no, premises_no, version, premises_version AS facts_version,"
    " NULL::integer AS copy_of, NULL::integer AS duplicate," + _COLUMNS + " FROM site_code",
    of_owner=" WHERE entity_no = %(entity_no)s AND premises_no = %(premises_no)s",
    number=" AND version = %(version)s",
    insert="INSERT INTO site_code (entity_no, premises_no, version, premises_version,"
    + _COLUMNS
    + ") VALUES (%(entity_no)s, %(premises_no)s, %(version)s, %(facts_version)s,"
    + _VALUES
    + ")",
    change="UPDATE site_code"
    + _CHANGE
    + " AND premises_no = %(premises_no)s AND version = %(version)s",
)
_COPIES: Final = _Table(
    select="SELECT entity_no, NULL::integer AS premises_no, copy_no AS version,"
    " entity_version AS facts_version, license_no AS copy_of, duplicate_no AS duplicate,"
    + _COLUMNS
    + " FROM copy_token",
    of_owner=" WHERE entity_no = %(entity_no)s",
    number=" AND copy_no = %(version)s",
    insert="INSERT INTO copy_token (entity_no, copy_no, entity_version, license_no, duplicate_no,"
    + _COLUMNS
    + ") VALUES (%(entity_no)s, %(version)s, %(facts_version)s, %(copy_of)s, %(duplicate)s,"
    + _VALUES
    + ")",
    change="UPDATE copy_token" + _CHANGE + " AND copy_no = %(version)s",
)
_TABLES: Final = {
    DocumentKind.LICENSE: _LICENSES,
    DocumentKind.SITE_CODE: _SITE_CODES,
    DocumentKind.COPY: _COPIES,
}
_INTENTS: LiteralString = (
    " WHERE state = 'intent' AND created_at < %(before)s ORDER BY created_at LIMIT %(limit)s"
)
_FOREVER: Final = datetime.max.replace(tzinfo=UTC)
_INTENTS_OF: LiteralString = (
    " WHERE state = 'intent' AND entity_no = %(entity_no)s ORDER BY created_at LIMIT %(limit)s"
)


def _table(premises_no: int | None) -> _Table:
    return _LICENSES if premises_no is None else _SITE_CODES


def document_of(row: DictRow) -> SignedDocument:
    """The document of a row that has every column of `SELECT`."""
    return SignedDocument(
        entity_no=row["entity_no"],
        premises_no=row["premises_no"],
        version=row["version"],
        facts_version=row["facts_version"],
        state=LicenseState(row["state"]),
        kid=bytes(row["kid"]),
        to_be_signed=bytes(row["to_be_signed"]),
        list_no=row["list_no"],
        index=row["idx"],
        scan_host=row["scan_host"],
        token_id=bytes(row["token_id"]),
        created_at=row["created_at"],
        token=bytes(row["token"]) if row["token"] is not None else None,
        issued_at=row["issued_at"],
        request_id=str(row["request_id"]) if row["request_id"] else None,
        copy_of=row["copy_of"],
        duplicate=row["duplicate"],
    )


class Licenses:
    """Licence versions, site codes where a number of premises is given, tokens of copies.

    Every call runs in the caller's transaction.
    """

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def _one(self, query: LiteralString, key: dict[str, Any]) -> SignedDocument | None:
        row = self._connection.execute(query, key).fetchone()
        return document_of(row) if row else None

    def live(self, entity_no: int, premises_no: int | None = None) -> SignedDocument | None:
        """The live document, signed or an intent; None if there is none."""
        table = _table(premises_no)
        key = {"entity_no": entity_no, "premises_no": premises_no}
        return self._one(table.select + table.of_owner + _LIVE, key)

    def find(
        self, entity_no: int, premises_no: int | None = None, version: int | None = None
    ) -> SignedDocument:
        """The document of that version; without a version the live one.

        Raises:
            LicenseUnknown: none was issued, or none with that version.
        """
        table = _table(premises_no)
        key = {"entity_no": entity_no, "premises_no": premises_no, "version": version}
        if version is None:
            found = self.live(entity_no, premises_no)
        else:
            found = self._one(table.select + table.of_owner + table.number, key)
        if found is None:
            raise LicenseUnknown(
                "no such licence or site code was issued",
                zh="未签发过该执照或场所码",
                version=version or "-",
            )
        return found

    def again(self, document: SignedDocument) -> SignedDocument:
        """A document as it stands now.

        Raises:
            LicenseUnknown: it is not there any more, which only a restore can bring about.
        """
        table = _TABLES[document.kind]
        key = {
            "entity_no": document.entity_no,
            "premises_no": document.premises_no,
            "version": document.version,
        }
        found = self._one(table.select + table.of_owner + table.number, key)
        if found is None:
            raise LicenseUnknown("no such document was issued", zh="未签发过该证照")
        return found

    def live_copies(self, entity_no: int) -> list[SignedDocument]:
        """The tokens of copies that are in force, signed or intents, by number."""
        query = _COPIES.select + _COPIES.of_owner + _LIVE + " ORDER BY copy_no"
        return [
            document_of(row) for row in self._connection.execute(query, {"entity_no": entity_no})
        ]

    def page(self, entity_no: int, before: int, limit: int) -> list[SignedDocument]:
        """Licence versions below `before`, newest first."""
        query = _LICENSES.select + _LICENSES.of_owner + _BELOW
        key = {"entity_no": entity_no, "before": before, "limit": limit}
        return [document_of(row) for row in self._connection.execute(query, key)]

    def next_version(self, entity_no: int, premises_no: int | None = None) -> int:
        """The version that the next document takes; never one that was used, even if voided."""
        table = _table(premises_no)
        key = {"entity_no": entity_no, "premises_no": premises_no}
        last = self._one(table.select + table.of_owner + _SUMMIT, key)
        return Numbers(self._connection).after(last.version if last else 0)

    def add(self, document: SignedDocument) -> None:
        """Store an intent.

        Raises:
            LicenseLive: there is a live document already.
        """
        row = {
            "entity_no": document.entity_no,
            "premises_no": document.premises_no,
            "version": document.version,
            "facts_version": document.facts_version,
            "state": document.state.value,
            "request_id": document.request_id,
            "kid": document.kid,
            "to_be_signed": document.to_be_signed,
            "list_no": document.list_no,
            "idx": document.index,
            "scan_host": document.scan_host,
            "token_id": document.token_id,
            "created_at": document.created_at,
            "copy_of": document.copy_of,
            "duplicate": document.duplicate,
        }
        try:
            self._connection.execute(_TABLES[document.kind].insert, row)
        except errors.UniqueViolation:
            raise license_live(document.version) from None

    def change(
        self,
        document: SignedDocument,
        state: LicenseState,
        token: bytes | None = None,
        issued_at: datetime | None = None,
    ) -> bool:
        """Move a document on from the state in which it was read.

        A token once stored stays; `token` and `issued_at` are given with the signature.

        Returns:
            False if somebody else moved it first; nothing is written then.
        """
        row = {
            "entity_no": document.entity_no,
            "premises_no": document.premises_no,
            "version": document.version,
            "was": document.state.value,
            "state": state.value,
            "token": token or document.token,
            "issued_at": issued_at or document.issued_at,
        }
        return self._connection.execute(_TABLES[document.kind].change, row).rowcount == 1

    def of_place(self, entity_no: int, premises_no: int) -> list[SignedDocument]:
        """Every code that a place ever had, by version."""
        key = {"entity_no": entity_no, "premises_no": premises_no}
        query = _SITE_CODES.select + _SITE_CODES.of_owner + " ORDER BY version"
        return [document_of(row) for row in self._connection.execute(query, key)]

    def intents(
        self, limit: int, entity_no: int | None = None, before: datetime | None = None
    ) -> list[SignedDocument]:
        """Documents stored and not signed yet: licences, site codes, copies; the oldest first.

        Args:
            limit: at most so many of each kind.
            entity_no: only those of this entity.
            before: else only those that were stored earlier than that.
        """
        where: LiteralString = _INTENTS if entity_no is None else _INTENTS_OF
        key = {"limit": limit, "entity_no": entity_no, "before": before or _FOREVER}
        return [
            document_of(row)
            for table in _TABLES.values()
            for row in self._connection.execute(table.select + where, key)
        ]


def license_live(version: int) -> LicenseLive:
    """The refusal to issue what is live already."""
    return LicenseLive(
        "the facts in force have a live document already; read that one",
        zh="现行登记事项已有有效的执照或场所码，无需重复签发",
        version=version,
    )
