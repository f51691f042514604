"""Rules of printed copies: they live and die with their licence version, or alone."""

from typing import Final

from registry_service.fsck.rule import Rule

COPY_RULES: Final = (
    Rule(
        1, "copy_token", ("entity_no", "copy_no"),
        "the copy is in force, and the licence version it is of is not",
        """
        SELECT t.entity_no, t.copy_no
          FROM copy_token t
          JOIN license_version l ON l.entity_no = t.entity_no AND l.version = t.license_no
         WHERE t.state IN ('intent', 'issued') AND l.state <> 'issued'
        """,
    ),
    Rule(
        1, "copy_token", ("entity_no", "duplicate_no"), "two copies in force bear one number",
        """
        SELECT entity_no, duplicate_no FROM copy_token WHERE state IN ('intent', 'issued')
         GROUP BY entity_no, duplicate_no HAVING count(*) > 1
        """,
    ),
    Rule(
        1, "printed_copy", ("entity_no", "copy_no"),
        "what became of the copy and where its token stands contradict each other",
        """
        SELECT c.entity_no, c.copy_no
          FROM printed_copy c
          JOIN copy_token t ON t.entity_no = c.entity_no AND t.copy_no = c.copy_no
         WHERE (c.state = 'void') <> (t.state IN ('voided', 'lost_void'))
            OR (c.state = 'returned' AND t.state <> 'superseded')
            OR (c.state = 'in_use') <> (c.ended_at IS NULL)
            OR c.duplicate_no <> t.duplicate_no
        """,
    ),
    Rule(
        7, "copy_token", ("entity_no", "copy_no"), "no event tells of its state",
        """
        SELECT t.entity_no, t.copy_no FROM copy_token t
         WHERE NOT EXISTS (SELECT FROM event v
                WHERE v.entity_no = t.entity_no AND v.subject = 'copies/' || t.copy_no
                  AND v.kind = 'copy.' || CASE t.state WHEN 'intent' THEN 'requested'
                                                       ELSE t.state END)
        """,
    ),
    Rule(
        7, "printed_copy", ("entity_no", "copy_no"),
        "no event tells of its collection, or of what became of it",
        """
        SELECT c.entity_no, c.copy_no FROM printed_copy c
         WHERE (c.collected_date IS NOT NULL AND NOT EXISTS (
                    SELECT FROM event v
                     WHERE v.entity_no = c.entity_no AND v.subject = 'copies/' || c.copy_no
                       AND v.kind = 'copy.collected'))
            OR (c.ended_at IS NOT NULL AND NOT EXISTS (
                    SELECT FROM event v
                     WHERE v.entity_no = c.entity_no AND v.subject = 'copies/' || c.copy_no
                       AND v.kind IN ('copy.returned', 'copy.lost_void', 'copy.voided')))
        """,
    ),
)  # fmt: skip
