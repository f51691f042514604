"""Invariant 2 and what hangs on it: an entity's state, and what its places and filings owe it."""

from typing import Final

from registry_service.fsck.rule import Rule

LIFECYCLE_RULES: Final = (
    Rule(
        2, "premises", ("entity_no", "premises_no"), "the place is live and its entity has ended",
        """
        SELECT p.entity_no, p.premises_no
          FROM premises p JOIN entity e ON e.entity_no = p.entity_no
         WHERE p.state IN ('live', 'suspended') AND e.state IN ('deregistered', 'annulled')
        """,
    ),
    Rule(
        2, "premises", ("entity_no", "premises_no"),
        "the place is suspended and its entity is awake, or live and its entity is dormant",
        """
        SELECT p.entity_no, p.premises_no
          FROM premises p JOIN entity e ON e.entity_no = p.entity_no
         WHERE (p.state = 'suspended' AND e.state IN ('active', 'liquidating'))
            OR (p.state = 'live' AND e.state = 'dormant')
        """,
    ),
    # Nothing happens to a place of an entity that has ended: what ended later ended with it.
    Rule(
        2, "event", ("entity_no", "revision"),
        "the place ended in another transaction than its entity",
        """
        SELECT v.entity_no, v.revision
          FROM entity e
          JOIN LATERAL (SELECT w.revision, w.recorded_at FROM event w
                         WHERE w.entity_no = e.entity_no AND w.kind = 'entity.' || e.state
                         ORDER BY w.revision DESC LIMIT 1) ending ON true
          JOIN event v ON v.entity_no = e.entity_no AND v.revision > ending.revision
                      AND v.kind = 'premises.ended'
         WHERE e.state IN ('deregistered', 'annulled')
           AND v.recorded_at <> ending.recorded_at
        """,
    ),
    Rule(
        2, "filing", ("entity_no", "filing_no"), "it waits for a decision and its entity has ended",
        """
        SELECT f.entity_no, f.filing_no
          FROM filing f JOIN entity e ON e.entity_no = f.entity_no
         WHERE f.state IN ('draft', 'submitted', 'returned', 'manual')
           AND e.state IN ('deregistered', 'annulled')
        """,
    ),
    Rule(
        7, "premises", ("entity_no", "premises_no"), "no event tells of its state",
        """
        SELECT p.entity_no, p.premises_no FROM premises p
         WHERE p.state <> 'live'
           AND NOT EXISTS (SELECT FROM event v
                WHERE v.entity_no = p.entity_no AND v.subject = 'premises/' || p.premises_no
                  AND v.kind = 'premises.' || p.state)
        """,
    ),
)  # fmt: skip
