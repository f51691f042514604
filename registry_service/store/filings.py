"""Tables `filing`, `finding` and `document`."""

from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import EtagMismatch, FilingUnknown
from registry_service.domain.premises import (
    Document,
    Filing,
    FilingState,
    Finding,
    Outcome,
    Site,
)
from registry_service.store.columns import read_site, site_columns

_SITE: LiteralString = """
    title, address, address_normalised, county_unit_id, address_unit_id, standard_code,
    latitude, longitude, scope, use, tenancy_end_date, building
"""
_SELECT: LiteralString = (
    """
    SELECT f.entity_no, f.filing_no, f.application_no, f.state, f.policy_version, f.premises_no,
           f.handover_no, f.revision, f.reviewed_revision, f.documents_revision, f.created_at,
           f.updated_at, a.receipt_number, """
    + "f.title, f.address, f.address_normalised, f.county_unit_id, f.address_unit_id,"
    + "f.standard_code, f.latitude, f.longitude, f.scope, f.use, f.tenancy_end_date, f.building"
    + """
      FROM filing f
      JOIN application a ON a.entity_no = f.entity_no AND a.application_no = f.application_no
     WHERE f.entity_no = %(entity_no)s
"""
)
_FIND: LiteralString = _SELECT + " AND f.filing_no = %(filing_no)s"
_LIST: LiteralString = (
    _SELECT + " AND f.filing_no < %(before)s ORDER BY f.filing_no DESC LIMIT %(limit)s"
)
_INSERT: LiteralString = (
    "INSERT INTO filing (entity_no, filing_no, application_no, state, policy_version, revision,"
    "created_at, updated_at,"
    + _SITE
    + """)
    SELECT %(entity_no)s, coalesce(max(filing_no), 0) + 1, %(application_no)s, 'draft', '', 1,
           %(now)s, %(now)s, %(title)s, %(address)s, %(address_normalised)s, %(county_unit_id)s,
           %(address_unit_id)s, %(standard_code)s, %(latitude)s, %(longitude)s, %(scope)s, %(use)s,
           %(tenancy_end_date)s, %(building)s
      FROM filing WHERE entity_no = %(entity_no)s
    RETURNING filing_no
"""
)
_SAVE: LiteralString = """
    UPDATE filing
       SET state = %(state)s, title = %(title)s, address = %(address)s,
           address_normalised = %(address_normalised)s, county_unit_id = %(county_unit_id)s,
           address_unit_id = %(address_unit_id)s, standard_code = %(standard_code)s,
           latitude = %(latitude)s, longitude = %(longitude)s, scope = %(scope)s, use = %(use)s,
           tenancy_end_date = %(tenancy_end_date)s, building = %(building)s,
           policy_version = %(policy_version)s,
           premises_no = %(premises_no)s, handover_no = %(handover_no)s,
           documents_revision = CASE WHEN %(new_documents)s THEN revision + 1
                                     ELSE documents_revision END,
           revision = revision + 1, updated_at = %(now)s
     WHERE entity_no = %(entity_no)s AND filing_no = %(filing_no)s AND revision = %(revision)s
"""
_UNSETTLED: LiteralString = (
    _SELECT
    + """ AND f.state IN ('draft', 'submitted', 'returned', 'manual')
     ORDER BY f.filing_no
"""
)
_REHOME: LiteralString = """
    UPDATE filing SET home_unit_id = %(home)s
     WHERE entity_no = %(entity_no)s AND state IN ('draft', 'submitted', 'returned', 'manual')
"""
_LINK_HANDOVER: LiteralString = """
    UPDATE filing SET handover_no = %(handover_no)s, revision = revision + 1
     WHERE entity_no = %(entity_no)s AND filing_no = %(filing_no)s
"""
_FINDINGS: LiteralString = """
    SELECT rule, outcome, reason, remedy FROM finding
     WHERE entity_no = %(entity_no)s AND filing_no = %(filing_no)s
       AND revision = %(reviewed_revision)s
     ORDER BY rule
"""
_REVIEWED: LiteralString = """
    UPDATE filing SET reviewed_revision = %(revision)s
     WHERE entity_no = %(entity_no)s AND filing_no = %(filing_no)s
"""
_ADD_FINDING: LiteralString = """
    INSERT INTO finding (entity_no, filing_no, revision, rule, outcome, reason, remedy)
    VALUES (%(entity_no)s, %(filing_no)s, %(revision)s, %(rule)s, %(outcome)s, %(reason)s,
            %(remedy)s)
"""
_DOCUMENTS: LiteralString = """
    SELECT kind, sha256, signer, valid_from_date, valid_until_date FROM document
     WHERE entity_no = %(entity_no)s AND filing_no = %(filing_no)s
       AND revision = %(documents_revision)s
     ORDER BY document_no
"""
_ADD_DOCUMENT: LiteralString = """
    INSERT INTO document (entity_no, filing_no, revision, document_no, kind, sha256, signer,
                          valid_from_date, valid_until_date)
    VALUES (%(entity_no)s, %(filing_no)s, %(revision)s, %(document_no)s, %(kind)s, %(sha256)s,
            %(signer)s, %(valid_from_date)s, %(valid_until_date)s)
"""


class Filings:
    """Filings with their findings and documents; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, entity_no: int, filing_no: int) -> Filing:
        """The entity's filing with this number.

        Raises:
            FilingUnknown: it has none.
        """
        key = {"entity_no": entity_no, "filing_no": filing_no}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise FilingUnknown(
                f"the entity has no filing {filing_no}",
                zh=f"该主体没有编号为 {filing_no} 的备案申请",
                filing=filing_no,
            )
        return self._filing(row)

    def page(self, entity_no: int, before: int, limit: int) -> list[Filing]:
        """The entity's filings below number `before`, newest first."""
        key = {"entity_no": entity_no, "before": before, "limit": limit}
        return [self._filing(row) for row in self._connection.execute(_LIST, key).fetchall()]

    def unsettled(self, entity_no: int) -> list[Filing]:
        """The entity's filings that nothing was decided on, by number."""
        found = self._connection.execute(_UNSETTLED, {"entity_no": entity_no}).fetchall()
        return [self._filing(row) for row in found]

    def rehome(self, entity_no: int, home: int | None) -> None:
        """Let filings that nothing was decided on follow the entity to its new home unit."""
        self._connection.execute(_REHOME, {"entity_no": entity_no, "home": home})

    def _filing(self, row: DictRow) -> Filing:
        key = {
            "entity_no": row["entity_no"],
            "filing_no": row["filing_no"],
            "reviewed_revision": row["reviewed_revision"],
            "documents_revision": row["documents_revision"],
        }
        found = self._connection.execute(_FINDINGS, key).fetchall()
        papers = self._connection.execute(_DOCUMENTS, key).fetchall()
        return Filing(
            entity_no=row["entity_no"],
            number=row["filing_no"],
            application_no=row["application_no"],
            receipt_number=row["receipt_number"],
            state=FilingState(row["state"]),
            site=read_site(row),
            documents=tuple(
                Document(
                    d["kind"], d["sha256"], d["signer"], d["valid_from_date"], d["valid_until_date"]
                )
                for d in papers
            ),
            findings=tuple(
                Finding(f["rule"], Outcome(f["outcome"]), f["reason"], f["remedy"]) for f in found
            ),
            policy_version=row["policy_version"],
            premises_no=row["premises_no"],
            handover_no=row["handover_no"],
            revision=row["revision"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
        )

    def add(
        self,
        entity_no: int,
        application_no: int,
        site: Site,
        documents: tuple[Document, ...],
        now: datetime,
    ) -> Filing:
        """Draft a filing; the caller holds the entity's lock."""
        row = {"entity_no": entity_no, "application_no": application_no, "now": now}
        stored = self._connection.execute(_INSERT, row | site_columns(site)).fetchone()
        assert stored is not None  # noqa: S101 - INSERT … RETURNING of one row
        self._add_documents(entity_no, stored["filing_no"], 1, documents)
        return self.find(entity_no, stored["filing_no"])

    def _add_documents(
        self, entity_no: int, filing_no: int, revision: int, documents: tuple[Document, ...]
    ) -> None:
        for number, document in enumerate(documents, 1):
            row = {
                "entity_no": entity_no,
                "filing_no": filing_no,
                "revision": revision,
                "document_no": number,
                "kind": document.kind,
                "sha256": document.sha256,
                "signer": document.signer,
                "valid_from_date": document.valid_from_date,
                "valid_until_date": document.valid_until_date,
            }
            self._connection.execute(_ADD_DOCUMENT, row)

    def save(self, filing: Filing, now: datetime, *, new_documents: bool = False) -> Filing:
        """Write over the revision `filing` was read at.

        Args:
            filing: what it shall be, with the revision it was read at.
            now: when.
            new_documents: store its documents too, as those of the new revision.

        Raises:
            EtagMismatch: another writer was first.
        """
        row = {
            "entity_no": filing.entity_no,
            "filing_no": filing.number,
            "revision": filing.revision,
            "state": filing.state,
            "policy_version": filing.policy_version,
            "premises_no": filing.premises_no,
            "handover_no": filing.handover_no,
            "new_documents": new_documents,
            "now": now,
            **site_columns(filing.site),
        }
        if self._connection.execute(_SAVE, row).rowcount != 1:
            raise EtagMismatch(
                "the filing changed since it was read; read it again",
                zh="该备案申请已被他人更改，请重新读取后再办理",
                filing=filing.number,
            )
        if new_documents:
            self._add_documents(
                filing.entity_no, filing.number, filing.revision + 1, filing.documents
            )
        return self.find(filing.entity_no, filing.number)

    def link_handover(self, entity_no: int, filing_no: int, handover_no: int) -> None:
        """Name the hand-over that a filing came to have later; what was filed stays as it was."""
        key = {"entity_no": entity_no, "filing_no": filing_no, "handover_no": handover_no}
        self._connection.execute(_LINK_HANDOVER, key)

    def add_findings(self, filing: Filing, findings: tuple[Finding, ...]) -> None:
        """Keep what a review of `filing`, at its revision, found; also that it found nothing."""
        reviewed = {
            "entity_no": filing.entity_no,
            "filing_no": filing.number,
            "revision": filing.revision,
        }
        self._connection.execute(_REVIEWED, reviewed)
        for finding in findings:
            row = reviewed | {
                "rule": finding.rule,
                "outcome": finding.outcome,
                "reason": finding.reason,
                "remedy": finding.remedy,
            }
            self._connection.execute(_ADD_FINDING, row)
