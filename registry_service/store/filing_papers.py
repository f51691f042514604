"""Tables `finding` and `document`: what came with a filing, and what a review said of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.premises import Document, Filing, Finding, Outcome

_FINDINGS: LiteralString = """
    SELECT t.entity_no, t.filing_no, t.rule, t.outcome, t.reason, t.remedy
      FROM finding t
      JOIN unnest(%(entities)s::bigint[], %(filings)s::integer[], %(revisions)s::bigint[])
           AS k (entity_no, filing_no, revision) USING (entity_no, filing_no, revision)
     ORDER BY t.entity_no, t.filing_no, t.rule
"""
_DOCUMENTS: LiteralString = """
    SELECT t.entity_no, t.filing_no, t.kind, t.sha256, t.signer, t.valid_from_date,
           t.valid_until_date
      FROM document t
      JOIN unnest(%(entities)s::bigint[], %(filings)s::integer[], %(revisions)s::bigint[])
           AS k (entity_no, filing_no, revision) USING (entity_no, filing_no, revision)
     ORDER BY t.entity_no, t.filing_no, t.document_no
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
_ADD_DOCUMENT: LiteralString = """
    INSERT INTO document (entity_no, filing_no, revision, document_no, kind, sha256, signer,
                          valid_from_date, valid_until_date)
    VALUES (%(entity_no)s, %(filing_no)s, %(revision)s, %(document_no)s, %(kind)s, %(sha256)s,
            %(signer)s, %(valid_from_date)s, %(valid_until_date)s)
"""


def _keys(rows: Sequence[DictRow], revision: str) -> dict[str, Any]:
    return {
        "entities": [row["entity_no"] for row in rows],
        "filings": [row["filing_no"] for row in rows],
        "revisions": [row[revision] for row in rows],
    }


class FilingPapers:
    """Findings and documents by filing; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def findings(self, filings: Sequence[DictRow]) -> Mapping[tuple[int, int], list[Finding]]:
        """What the last review of each of these rows of `filing` found."""
        found: dict[tuple[int, int], list[Finding]] = defaultdict(list)
        for row in self._connection.execute(_FINDINGS, _keys(filings, "reviewed_revision")):
            finding = Finding(row["rule"], Outcome(row["outcome"]), row["reason"], row["remedy"])
            found[row["entity_no"], row["filing_no"]].append(finding)
        return found

    def documents(self, filings: Sequence[DictRow]) -> Mapping[tuple[int, int], list[Document]]:
        """The documents of each of these rows of `filing`, at its revision."""
        found: dict[tuple[int, int], list[Document]] = defaultdict(list)
        for row in self._connection.execute(_DOCUMENTS, _keys(filings, "documents_revision")):
            document = Document(
                row["kind"],
                bytes(row["sha256"]),
                row["signer"],
                row["valid_from_date"],
                row["valid_until_date"],
            )
            found[row["entity_no"], row["filing_no"]].append(document)
        return found

    def add_documents(
        self, entity_no: int, filing_no: int, revision: int, documents: tuple[Document, ...]
    ) -> None:
        """Store the documents that came with a filing at that revision."""
        rows = [
            {
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
            for number, document in enumerate(documents, 1)
        ]
        self._many(_ADD_DOCUMENT, rows)

    def add_findings(self, filing: Filing, findings: tuple[Finding, ...]) -> None:
        """Keep what a review of `filing`, at its revision, found; also that it found nothing."""
        reviewed = {
            "entity_no": filing.entity_no,
            "filing_no": filing.number,
            "revision": filing.revision,
        }
        self._connection.execute(_REVIEWED, reviewed)
        rows = [
            reviewed
            | {
                "rule": finding.rule,
                "outcome": finding.outcome,
                "reason": finding.reason,
                "remedy": finding.remedy,
            }
            for finding in findings
        ]
        self._many(_ADD_FINDING, rows)

    def _many(self, statement: LiteralString, rows: list[dict[str, Any]]) -> None:
        if rows:
            with self._connection.cursor() as cursor:
                cursor.executemany(statement, rows)
