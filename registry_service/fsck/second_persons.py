"""Invariant 7 for acts of two people: what waits, what was answered, and by whom."""

from typing import Final

from registry_service.fsck.rule import Rule

SECOND_PERSON_RULES: Final = (
    Rule(
        7, "pending_act", ("entity_no", "act_no"), "no event tells that it was asked for",
        """
        SELECT p.entity_no, p.act_no FROM pending_act p
         WHERE NOT EXISTS (SELECT FROM event v
                            WHERE v.entity_no = p.entity_no AND v.revision = p.entity_revision
                              AND v.kind = 'act.asked' AND v.actor = p.asked_by
                              AND v.subject = 'pendingActs/' || p.act_no)
        """,
    ),
    Rule(
        7, "pending_act", ("entity_no", "act_no"), "no event tells of its state",
        """
        SELECT p.entity_no, p.act_no FROM pending_act p
         WHERE p.state <> 'waiting'
           AND NOT EXISTS (SELECT FROM event v
                            WHERE v.entity_no = p.entity_no AND v.actor = p.answered_by
                              AND v.subject = 'pendingActs/' || p.act_no
                              AND v.kind = CASE p.state WHEN 'done' THEN 'act.confirmed'
                                                        ELSE 'act.' || p.state END)
        """,
    ),
    Rule(
        7, "pending_act", ("entity_no", "act_no"), "it is done and no event names both people",
        """
        SELECT p.entity_no, p.act_no FROM pending_act p
         WHERE p.state = 'done'
           AND NOT EXISTS (SELECT FROM event c JOIN event v ON v.entity_no = c.entity_no
                                                           AND v.revision = c.revision + 1
                            WHERE c.entity_no = p.entity_no AND c.kind = 'act.confirmed'
                              AND c.subject = 'pendingActs/' || p.act_no
                              AND v.actor = p.asked_by AND v.second_actor = p.answered_by)
        """,
    ),
    Rule(
        7, "event", ("entity_no", "revision"), "who did it confirmed it",
        """
        SELECT entity_no, revision FROM event WHERE second_actor <> '' AND second_actor = actor
        """,
    ),
)  # fmt: skip
