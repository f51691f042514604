"""Table `filing`; its findings and documents are in `filing_papers`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.application import Application
from registry_service.domain.errors import EtagMismatch, FilingUnknown
from registry_service.domain.premises import (
    Document,
    Filing,
    FilingAct,
    FilingState,
    Finding,
    Site,
)
from registry_service.store.columns import read_site, site_columns
from registry_service.store.filing_papers import FilingPapers
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_SITE: LiteralString = """
    title, address, address_normalised, county_unit_id, address_unit_id, standard_code,
    latitude, longitude, scope, use, tenancy_end_date, building
"""
_SELECT: LiteralString = (
    """
    SELECT f.entity_no, f.filing_no, f.application_no, f.state, f.policy_version, f.premises_no,
           f.premises_version, f.handover_no, f.revision, f.reviewed_revision,
           f.documents_revision, f.created_at, f.updated_at, f.act, f.target_premises_no,
           f.home_unit_id, f.assignee, f.due_from, f.due_date, f.due_provisional, f.decision,
           a.receipt_number, e.uscc, v.business_name, """
    + "f.title, f.address, f.address_normalised, f.county_unit_id, f.address_unit_id,"
    + "f.standard_code, f.latitude, f.longitude, f.scope, f.use, f.tenancy_end_date, f.building"
    + """
      FROM filing f
      JOIN application a ON a.entity_no = f.entity_no AND a.application_no = f.application_no
      JOIN entity e ON e.entity_no = f.entity_no
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
"""
)
_OF_ENTITY: LiteralString = _SELECT + " WHERE f.entity_no = %(entity_no)s"
_FIND: LiteralString = _OF_ENTITY + " AND f.filing_no = %(filing_no)s"
_LIST: LiteralString = (
    _OF_ENTITY + " AND f.filing_no < %(before)s ORDER BY f.filing_no DESC LIMIT %(limit)s"
)
_OF_APPLICATION: LiteralString = (
    _OF_ENTITY + " AND f.application_no = %(application_no)s ORDER BY f.filing_no"
)
_NOT_HANDED_OVER: LiteralString = (
    _OF_ENTITY
    + """ AND f.premises_no = %(premises_no)s AND f.state = 'filed' AND f.act <> 'remove'
      AND f.handover_no IS NULL
     ORDER BY f.filing_no DESC LIMIT 1
"""
)
_AT: LiteralString = (
    _SELECT
    + """
      JOIN unnest(%(entities)s::bigint[], %(numbers)s::integer[])
           WITH ORDINALITY AS k (entity_no, filing_no, place)
        ON k.entity_no = f.entity_no AND k.filing_no = f.filing_no
     ORDER BY k.place
"""
)
_STATES: LiteralString = """
    SELECT state, count(*) AS n FROM filing
     WHERE entity_no = %(entity_no)s AND application_no = %(application_no)s GROUP BY state
"""
_INSERT: LiteralString = (
    "INSERT INTO filing (entity_no, filing_no, application_no, state, policy_version, revision,"
    "created_at, updated_at, act, target_premises_no, home_unit_id, due_from, due_date,"
    "due_provisional,"
    + _SITE
    + """)
    SELECT %(entity_no)s, """
    + after_highest("filing_no")
    + """, %(application_no)s, 'draft', '', 1,
           %(now)s, %(now)s, %(act)s, %(target)s, %(home_unit)s, %(due_from)s, %(due_date)s,
           %(due_provisional)s, %(title)s, %(address)s, %(address_normalised)s,
           %(county_unit_id)s, %(address_unit_id)s, %(standard_code)s, %(latitude)s, %(longitude)s,
           %(scope)s, %(use)s, %(tenancy_end_date)s, %(building)s
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
           policy_version = %(policy_version)s, premises_no = %(premises_no)s,
           premises_version = %(premises_version)s, handover_no = %(handover_no)s,
           home_unit_id = %(home_unit)s, due_from = %(due_from)s, due_date = %(due_date)s,
           due_provisional = %(due_provisional)s, decision = %(decision)s,
           documents_revision = CASE WHEN %(new_documents)s THEN revision + 1
                                     ELSE documents_revision END,
           revision = revision + 1, updated_at = %(now)s
     WHERE entity_no = %(entity_no)s AND filing_no = %(filing_no)s AND revision = %(revision)s
"""
_ASSIGN: LiteralString = """
    UPDATE filing SET assignee = %(assignee)s
     WHERE entity_no = %(entity_no)s AND filing_no = %(filing_no)s
"""
_PUT_OFF: LiteralString = """
    UPDATE filing SET due_date = %(due_date)s, due_provisional = %(due_provisional)s
     WHERE entity_no = %(entity_no)s AND filing_no = %(filing_no)s
"""
_UNSETTLED: LiteralString = (
    _OF_ENTITY
    + """ AND f.state IN ('draft', 'submitted', 'returned', 'manual')
     ORDER BY f.filing_no
"""
)
_REHOME: LiteralString = """
    UPDATE filing SET home_unit_id = %(home)s
     WHERE entity_no = %(entity_no)s AND state IN ('draft', 'submitted', 'returned', 'manual')
"""


def _filing(row: DictRow, documents: list[Document], findings: list[Finding]) -> Filing:
    return Filing(
        entity_no=row["entity_no"],
        number=row["filing_no"],
        application_no=row["application_no"],
        receipt_number=row["receipt_number"],
        state=FilingState(row["state"]),
        site=read_site(row),
        documents=tuple(documents),
        findings=tuple(findings),
        policy_version=row["policy_version"],
        premises_no=row["premises_no"],
        handover_no=row["handover_no"],
        revision=row["revision"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        act=FilingAct(row["act"]),
        target=row["target_premises_no"],
        premises_version=row["premises_version"],
        documents_revision=row["documents_revision"],
        home_unit=row["home_unit_id"],
        assignee=row["assignee"] or "",
        due_from=row["due_from"],
        due_date=row["due_date"],
        due_provisional=row["due_provisional"],
        decision=row["decision"],
        uscc=row["uscc"],
        business_name=row["business_name"],
    )


class Filings:
    """Filings with their findings and documents; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection
        self._papers = FilingPapers(connection)

    def find(self, entity_no: int, filing_no: int) -> Filing:
        """The entity's filing with this number.

        Raises:
            FilingUnknown: it has none.
        """
        found = self._read(_FIND, {"entity_no": entity_no, "filing_no": filing_no})
        if not found:
            raise FilingUnknown(
                f"the entity has no filing {filing_no}",
                zh=f"该主体没有编号为 {filing_no} 的备案申请",
                filing=filing_no,
            )
        return found[0]

    def page(self, entity_no: int, before: int, limit: int) -> list[Filing]:
        """The entity's filings below number `before`, newest first."""
        return self._read(_LIST, {"entity_no": entity_no, "before": before, "limit": limit})

    def of_application(self, application: Application) -> list[Filing]:
        """The filings of a visit, by number."""
        key = {"entity_no": application.entity_no, "application_no": application.number}
        return self._read(_OF_APPLICATION, key)

    def not_handed_over(self, entity_no: int, premises_no: int) -> Filing | None:
        """The newest filing that gave a place its data and no host unit was told of, or None."""
        key = {"entity_no": entity_no, "premises_no": premises_no}
        return next(iter(self._read(_NOT_HANDED_OVER, key)), None)

    def at(self, keys: list[tuple[int, int]]) -> list[Filing]:
        """Filings by entity and number, in the order of the keys."""
        key = {"entities": [k[0] for k in keys], "numbers": [k[1] for k in keys]}
        return self._read(_AT, key)

    def states(self, application: Application) -> dict[FilingState, int]:
        """How many filings of a visit are in which state."""
        key = {"entity_no": application.entity_no, "application_no": application.number}
        rows = self._connection.execute(_STATES, key)
        return {FilingState(row["state"]): row["n"] for row in rows}

    def _read(self, query: LiteralString, key: dict[str, Any]) -> list[Filing]:
        rows = self._connection.execute(query, key).fetchall()
        documents = self._papers.documents(rows)
        findings = self._papers.findings(rows)
        return [
            _filing(
                row,
                documents[row["entity_no"], row["filing_no"]],
                findings[row["entity_no"], row["filing_no"]],
            )
            for row in rows
        ]

    def add(
        self,
        application: Application,
        site: Site,
        documents: tuple[Document, ...],
        now: datetime,
        *,
        home_unit: int,
        act: FilingAct = FilingAct.ADD,
        target: int | None = None,
    ) -> Filing:
        """Draft a filing, due with its application; the caller holds the entity's lock."""
        row = {
            "entity_no": application.entity_no,
            "application_no": application.number,
            "now": now,
            "act": act,
            "target": target,
            "home_unit": home_unit,
            "due_from": application.due_from,
            "due_date": application.due_date,
            "due_provisional": application.due_provisional,
            **site_columns(site),
        }
        stored = only_row(self._connection, _INSERT, row)
        self._papers.add_documents(application.entity_no, stored["filing_no"], 1, documents)
        return Filing(
            entity_no=application.entity_no,
            number=stored["filing_no"],
            application_no=application.number,
            receipt_number=application.receipt_number,
            state=FilingState.DRAFT,
            site=site,
            documents=documents,
            findings=(),
            policy_version="",
            premises_no=None,
            handover_no=None,
            revision=1,
            created_at=now,
            updated_at=now,
            act=act,
            target=target,
            home_unit=home_unit,
            due_from=application.due_from,
            due_date=application.due_date,
            due_provisional=application.due_provisional,
            uscc=application.uscc,
            business_name=application.business_name,
        )

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
            "premises_version": filing.premises_version,
            "handover_no": filing.handover_no,
            "home_unit": filing.home_unit,
            "due_from": filing.due_from,
            "due_date": filing.due_date,
            "due_provisional": filing.due_provisional,
            "decision": filing.decision,
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
            self._papers.add_documents(
                filing.entity_no, filing.number, filing.revision + 1, filing.documents
            )
        revision = filing.revision + 1
        written = revision if new_documents else filing.documents_revision
        return replace(filing, revision=revision, updated_at=now, documents_revision=written)

    def assign(self, filing: Filing, assignee: str) -> Filing:
        """Say who looks after it. Advisory, so its revision stays: nobody's work is made stale."""
        key = {"entity_no": filing.entity_no, "filing_no": filing.number}
        self._connection.execute(_ASSIGN, key | {"assignee": assignee or None})
        return self.find(filing.entity_no, filing.number)

    def put_off(self, filings: Iterable[Filing]) -> None:
        """Write the deadlines of filings; their revisions stay."""
        rows = [
            {
                "entity_no": filing.entity_no,
                "filing_no": filing.number,
                "due_date": filing.due_date,
                "due_provisional": filing.due_provisional,
            }
            for filing in filings
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(_PUT_OFF, rows)

    def unsettled(self, entity_no: int) -> list[Filing]:
        """The entity's filings that nothing was decided on, by number."""
        return self._read(_UNSETTLED, {"entity_no": entity_no})

    def rehome(self, entity_no: int, home: int | None) -> None:
        """Let filings that nothing was decided on follow the entity to its new home unit."""
        self._connection.execute(_REHOME, {"entity_no": entity_no, "home": home})

    def add_findings(self, filing: Filing, findings: tuple[Finding, ...]) -> None:
        """Keep what a review of `filing`, at its revision, found; also that it found nothing."""
        self._papers.add_findings(filing, findings)
