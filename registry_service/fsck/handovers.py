"""Invariant 4 and what hangs on it: filings across units, their hand-overs, who supervises."""

from typing import Final

from registry_service.fsck.rule import Rule

HANDOVER_RULES: Final = (
    Rule(
        4, "filing", ("entity_no", "filing_no"), "it is filed and no premises came of it",
        """
        SELECT f.entity_no, f.filing_no
          FROM filing f LEFT JOIN premises p USING (entity_no, premises_no)
         WHERE f.state = 'filed'
           AND (p.premises_no IS NULL
                OR f.act = 'add' AND p.filing_no <> f.filing_no
                OR f.act <> 'add' AND f.target_premises_no IS DISTINCT FROM p.premises_no)
        """,
    ),
    # Who supervised the domicile is asked of the version in force when it was filed, for entities
    # move. A change within the unit that has the place, and a removal, hand nothing over.
    Rule(
        4, "filing", ("entity_no", "filing_no"),
        "it is filed across supervising units and has not exactly one handover",
        """
        SELECT f.entity_no, f.filing_no
          FROM filing f
          LEFT JOIN LATERAL (
              SELECT min(v.recorded_at) AS at FROM event v
               WHERE v.entity_no = f.entity_no AND v.kind = 'filing.filed'
                 AND v.subject = 'filings/' || f.filing_no) filed ON true
          JOIN LATERAL (
              SELECT coalesce(v.address_unit_id, v.registrar_unit_id) AS unit_id
                FROM entity_version v
               WHERE v.entity_no = f.entity_no
                 AND v.recorded_at <= coalesce(filed.at, f.updated_at)
               ORDER BY v.version DESC LIMIT 1) home ON true
          LEFT JOIN premises_version w
            ON w.entity_no = f.entity_no AND w.premises_no = f.premises_no
           AND w.version = (SELECT max(x.version) FROM premises_version x
                             WHERE x.entity_no = f.entity_no AND x.premises_no = f.premises_no
                               AND x.version < f.premises_version)
         WHERE f.state = 'filed' AND f.address_unit_id <> home.unit_id
           AND (f.act = 'add'
                OR f.act = 'change' AND w.address_unit_id IS DISTINCT FROM f.address_unit_id)
           AND (SELECT count(*) FROM handover h
                 WHERE h.entity_no = f.entity_no AND h.filing_no = f.filing_no) <> 1
        """,
    ),
    Rule(
        4, "handover", ("entity_no", "handover_no"), "its filing is not filed, or names another",
        """
        SELECT h.entity_no, h.handover_no
          FROM handover h LEFT JOIN filing f USING (entity_no, filing_no)
         WHERE f.state IS DISTINCT FROM 'filed' OR f.handover_no IS DISTINCT FROM h.handover_no
            OR f.premises_no IS DISTINCT FROM h.premises_no
        """,
    ),
    # After a move of the domicile, too: the unit that the entity left becomes a host.
    Rule(
        4, "premises", ("entity_no", "premises_no"),
        "it is filed, lies across supervising units, and was never handed over",
        """
        SELECT p.entity_no, p.premises_no
          FROM premises p
          JOIN entity e ON e.entity_no = p.entity_no
          JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
         WHERE p.state IN ('live', 'suspended') AND p.filing_no IS NOT NULL
           AND p.unit_id <> coalesce(v.address_unit_id, v.registrar_unit_id)
           AND NOT EXISTS (SELECT FROM handover h
                            WHERE h.entity_no = p.entity_no AND h.premises_no = p.premises_no)
        """,
    ),
    Rule(
        4, "premises", ("entity_no", "premises_no"),
        "its supervising unit is not that of its data",
        """
        SELECT p.entity_no, p.premises_no
          FROM premises p JOIN premises_version v USING (entity_no, premises_no, version)
         WHERE p.unit_id <> v.address_unit_id
        """,
    ),
    Rule(
        4, "handover", ("entity_no", "handover_no"),
        "another unit than the one that took it on supervises the place",
        """
        SELECT h.entity_no, h.handover_no
          FROM handover h
          JOIN premises p USING (entity_no, premises_no)
          JOIN entity e ON e.entity_no = p.entity_no
          JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
          JOIN unit u ON u.unit_id = h.to_unit_id
         WHERE h.state IN ('acknowledged', 'reported') AND p.state IN ('live', 'suspended')
           AND p.unit_id <> CASE u.kind WHEN 'station' THEN u.parent_id ELSE u.unit_id END
           AND p.unit_id <> coalesce(v.address_unit_id, v.registrar_unit_id)
           AND NOT EXISTS (SELECT FROM handover n
                            WHERE n.entity_no = h.entity_no AND n.premises_no = h.premises_no
                              AND n.handover_no > h.handover_no)
        """,
    ),
    Rule(
        4, "handover", ("entity_no", "handover_no"),
        "somebody still has to answer it and its place has ended",
        """
        SELECT h.entity_no, h.handover_no
          FROM handover h JOIN premises p USING (entity_no, premises_no)
         WHERE h.state IN ('pending', 'forwarded', 'declined', 'disputed')
           AND p.state NOT IN ('live', 'suspended')
        """,
    ),
    Rule(
        4, "handover", ("entity_no", "handover_no"),
        "it is closed, the newest of its place, and the place is filed",
        """
        SELECT h.entity_no, h.handover_no
          FROM handover h JOIN premises p USING (entity_no, premises_no)
         WHERE h.state = 'closed' AND p.state IN ('live', 'suspended')
           AND NOT EXISTS (SELECT FROM handover n
                            WHERE n.entity_no = h.entity_no AND n.premises_no = h.premises_no
                              AND n.handover_no > h.handover_no)
        """,
    ),
    Rule(
        4, "handover", ("entity_no", "handover_no"), "it is reported and no inspection says what",
        """
        SELECT h.entity_no, h.handover_no FROM handover h
         WHERE h.state = 'reported'
           AND NOT EXISTS (SELECT FROM inspection i
                            WHERE i.entity_no = h.entity_no AND i.handover_no = h.handover_no)
        """,
    ),
    Rule(
        7, "handover", ("entity_no", "handover_no"), "no event tells of its state",
        """
        SELECT h.entity_no, h.handover_no FROM handover h
         WHERE h.state <> 'pending'
           AND NOT EXISTS (SELECT FROM event v
                            WHERE v.entity_no = h.entity_no
                              AND v.subject = 'handovers/' || h.handover_no
                              AND (v.kind = 'handover.' || h.state
                                   OR h.state = 'acknowledged' AND v.kind = 'handover.resolved'))
        """,
    ),
)  # fmt: skip
