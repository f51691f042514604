"""Invariants 1 to 4 and 7: what SQL alone can tell. Each query returns the rows that break one."""

from collections.abc import Iterator
from typing import Final

import psycopg
from psycopg.rows import DictRow

from registry_service.fsck.copies import COPY_RULES
from registry_service.fsck.fault import Fault
from registry_service.fsck.handovers import HANDOVER_RULES
from registry_service.fsck.lifecycles import LIFECYCLE_RULES
from registry_service.fsck.progress import Tell, silent
from registry_service.fsck.recoveries import RECOVERY_RULES
from registry_service.fsck.rule import Rule
from registry_service.fsck.second_persons import SECOND_PERSON_RULES
from registry_service.fsck.sources import SOURCE_RULES
from registry_service.fsck.visits import VISIT_RULES

_RULES: Final = (
    Rule(
        1, "license_version", ("entity_no",), "the entity has more than one live licence",
        """
        SELECT entity_no FROM license_version WHERE state IN ('intent', 'issued')
         GROUP BY entity_no HAVING count(*) > 1
        """,
    ),
    Rule(
        1, "license_version", ("entity_no", "version"),
        "the live licence shows another version of the face than the one in force",
        """
        SELECT l.entity_no, l.version
          FROM license_version l JOIN entity e ON e.entity_no = l.entity_no
         WHERE l.state IN ('intent', 'issued') AND l.entity_version <> e.version
        """,
    ),
    Rule(
        1, "site_code", ("entity_no", "premises_no"), "the place has more than one live code",
        """
        SELECT entity_no, premises_no FROM site_code WHERE state IN ('intent', 'issued')
         GROUP BY entity_no, premises_no HAVING count(*) > 1
        """,
    ),
    Rule(
        3, "premises", ("entity_no", "premises_no"),
        "another live place of the entity has the same normalised address",
        """
        WITH live AS (
            SELECT p.entity_no, p.premises_no, v.address_normalised
              FROM premises p JOIN premises_version v USING (entity_no, premises_no, version)
             WHERE p.state IN ('live', 'suspended')
        )
        SELECT b.entity_no, b.premises_no FROM live a JOIN live b
            ON a.entity_no = b.entity_no AND a.address_normalised = b.address_normalised
           AND a.premises_no < b.premises_no
        """,
    ),
    Rule(
        3, "premises", ("entity_no", "premises_no"), "the live place is the entity's domicile",
        """
        SELECT p.entity_no, p.premises_no
          FROM premises p
          JOIN premises_version v USING (entity_no, premises_no, version)
          JOIN entity e ON e.entity_no = p.entity_no
          JOIN entity_version f ON f.entity_no = e.entity_no AND f.version = e.version
         WHERE p.state IN ('live', 'suspended') AND v.address_normalised = f.address_normalised
        """,
    ),
    Rule(
        7, "entity", ("entity_no",), "its revisions have a gap, or its revision is not the last",
        """
        SELECT e.entity_no FROM entity e LEFT JOIN event v USING (entity_no)
         GROUP BY e.entity_no
        HAVING count(v.revision) <> e.revision OR coalesce(max(v.revision), 0) <> e.revision
        """,
    ),
    Rule(
        7, "entity", ("entity_no",), "its state is not the one that its last event left",
        """
        SELECT e.entity_no FROM entity e JOIN event v USING (entity_no, revision)
         WHERE v.state_after <> e.state
        """,
    ),
    Rule(
        7, "license_version", ("entity_no", "version"), "no event tells of its state",
        """
        SELECT l.entity_no, l.version FROM license_version l
         WHERE NOT EXISTS (SELECT FROM event v
                WHERE v.entity_no = l.entity_no AND v.subject = 'licenses/' || l.version
                  AND v.kind = 'license.' || CASE l.state WHEN 'intent' THEN 'requested'
                                                          ELSE l.state END)
        """,
    ),
    Rule(
        7, "site_code", ("entity_no", "premises_no", "version"), "no event tells of its state",
        """
        SELECT c.entity_no, c.premises_no, c.version FROM site_code c
         WHERE NOT EXISTS (SELECT FROM event v
                WHERE v.entity_no = c.entity_no
                  AND v.subject = 'premises/' || c.premises_no || '/codes/' || c.version
                  AND v.kind = 'site_code.' || CASE c.state WHEN 'intent' THEN 'requested'
                                                            ELSE c.state END)
        """,
    ),
    Rule(
        7, "premises_statement", ("entity_no", "version"), "no event tells of its state",
        """
        SELECT s.entity_no, s.version FROM premises_statement s
         WHERE (s.document IS NOT NULL
                AND NOT EXISTS (SELECT FROM event v
                                 WHERE v.entity_no = s.entity_no AND v.kind = 'statement.issued'
                                   AND v.subject = 'premisesStatements/' || s.version))
            OR (s.ended_revision IS NOT NULL
                AND NOT EXISTS (SELECT FROM event v
                                 WHERE v.entity_no = s.entity_no
                                   AND v.revision = s.ended_revision))
        """,
    ),
    Rule(
        7, "event", ("entity_no", "revision"), "its feed number is another event's as well",
        """
        SELECT v.entity_no, v.revision FROM event v
         WHERE v.feed_no IN (SELECT feed_no FROM event WHERE feed_no IS NOT NULL
                              GROUP BY feed_no HAVING count(*) > 1)
        """,
    ),
    Rule(
        7, "event", ("entity_no", "revision"),
        "its feed number is not above that of the revision before it",
        """
        SELECT entity_no, revision
          FROM (SELECT entity_no, revision, feed_no,
                       lag(feed_no) OVER w AS before,
                       lag(revision) OVER w IS NOT NULL AS follows
                  FROM event WINDOW w AS (PARTITION BY entity_no ORDER BY revision)) e
         WHERE follows AND feed_no IS NOT NULL AND (before IS NULL OR before >= feed_no)
        """,
    ),
    Rule(
        7, "feed", ("last_no",), "the numbers given have a gap, or the last is not counted",
        """
        SELECT f.last_no FROM feed f
         WHERE f.last_no <> (SELECT count(feed_no) FROM event)
                            + (SELECT coalesce(sum(feed_after - feed_before), 0) FROM recovery)
            OR f.last_no <> greatest((SELECT coalesce(max(feed_no), 0) FROM event),
                                     (SELECT coalesce(max(feed_after), 0) FROM recovery))
        """,
    ),
    Rule(
        8, "mass_chunk", ("run_no", "chunk_no"),
        "its run is done, and what it would sign is not signed",
        """
        SELECT c.run_no, c.chunk_no FROM mass_chunk c JOIN mass_run r USING (run_no)
         WHERE r.state = 'done' AND c.state <> 'done'
        """,
    ),
    Rule(
        8, "mass_entity", ("run_no", "ordinal"),
        "its run is done, and nothing became of it",
        """
        SELECT m.run_no, m.ordinal FROM mass_entity m JOIN mass_run r USING (run_no)
         WHERE r.state = 'done' AND m.state = 'waiting'
        """,
    ),
    Rule(
        9, "status_entry", ("entity_no", "list_no", "idx"),
        "the sequence has not passed it and would give it again",
        """
        SELECT s.entity_no, s.list_no, s.idx FROM status_entry s, status_entry_seq q
         WHERE s.list_no::bigint * 1048576 + s.idx > q.last_value
            OR (NOT q.is_called AND s.list_no::bigint * 1048576 + s.idx = q.last_value)
        """,
    ),
)  # fmt: skip

RULES: Final = (
    *_RULES,
    *COPY_RULES,
    *LIFECYCLE_RULES,
    *HANDOVER_RULES,
    *SECOND_PERSON_RULES,
    *SOURCE_RULES,
    *VISIT_RULES,
    *RECOVERY_RULES,
)
"""Every rule that one query tells."""


def check_facts(connection: psycopg.Connection[DictRow], tell: Tell = silent) -> Iterator[Fault]:
    """Every row that breaks one of the rules."""
    for number, rule in enumerate(RULES):
        tell("rules 规则", number, len(RULES))
        for row in connection.execute(rule.query):
            key = " ".join(f"{name}={row[name]}" for name in rule.key)
            yield Fault(rule.invariant, rule.table, key, rule.sentence)
    tell("rules 规则", len(RULES), len(RULES))
