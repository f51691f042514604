"""Visits, filings and site codes stand as what they hang on makes them."""

from typing import Final

from registry_service.fsck.rule import Rule

VISIT_RULES: Final = (
    Rule(
        1, "site_code", ("entity_no", "premises_no", "version"),
        "the live code shows another version of the place's data than the one in force",
        """
        SELECT c.entity_no, c.premises_no, c.version
          FROM site_code c JOIN premises p USING (entity_no, premises_no)
         WHERE c.state IN ('intent', 'issued') AND c.premises_version <> p.version
        """,
    ),
    # One without filings is open until one is drafted, or closed: what was asked for was done at
    # once, or its entity ended.
    Rule(
        7, "application", ("entity_no", "application_no"),
        "its state is not the one that its filings make",
        """
        SELECT a.entity_no, a.application_no
          FROM application a
          JOIN LATERAL (SELECT array_agg(f.state) AS states FROM filing f
                         WHERE f.entity_no = a.entity_no
                           AND f.application_no = a.application_no) f ON f.states IS NOT NULL
         WHERE a.state <> CASE
                   WHEN f.states && ARRAY['submitted', 'manual'] THEN 'manual'
                   WHEN 'draft' = ANY (f.states) THEN 'open'
                   WHEN 'returned' = ANY (f.states) THEN 'returned'
                   ELSE 'closed' END
        """,
    ),
    Rule(
        7, "filing", ("entity_no", "filing_no"), "no event tells of its state",
        """
        SELECT f.entity_no, f.filing_no FROM filing f
         WHERE NOT EXISTS (SELECT FROM event v
                WHERE v.entity_no = f.entity_no AND v.subject = 'filings/' || f.filing_no
                  AND v.kind = 'filing.' || CASE f.state WHEN 'draft' THEN 'drafted'
                                                         ELSE f.state END)
        """,
    ),
)  # fmt: skip
