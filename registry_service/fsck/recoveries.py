"""Invariant 9 after a restore: nothing that a lost database gave is given again."""

from typing import Final

from registry_service.fsck.rule import Rule

RECOVERY_RULES: Final = (
    Rule(
        9, "status_entry", ("entity_no", "list_no", "idx"),
        "the entry was given before a restore to a document that is lost",
        """
        SELECT s.entity_no, s.list_no, s.idx
          FROM status_entry s JOIN lost_entry l USING (list_no, idx)
        """,
    ),
    Rule(
        9, "event", ("entity_no", "revision"),
        "its feed number was given before a restore to an event that is lost",
        """
        SELECT v.entity_no, v.revision
          FROM event v JOIN recovery r ON v.feed_no > r.feed_before AND v.feed_no <= r.feed_after
        """,
    ),
    Rule(
        9, "recovery", ("epoch",), "status entries do not go on with the list that it began",
        """
        SELECT r.epoch FROM recovery r, status_entry_seq q
         WHERE q.last_value < r.first_list_no::bigint * 1048576
        """,
    ),
    Rule(
        9, "recovery", ("epoch",), "receipts or entities do not go on with the number that it set",
        """
        SELECT r.epoch FROM recovery r, receipt_seq q, entity_no_seq n
         WHERE least(q.last_value, n.last_value) < r.sequence_floor
        """,
    ),
    Rule(
        6, "status_entry", ("entity_no", "list_no", "idx"),
        "it is held down and no open recovery item says why",
        """
        SELECT s.entity_no, s.list_no, s.idx FROM status_entry s
         WHERE s.floor IS NOT NULL
           AND NOT EXISTS (SELECT FROM recovery_item i
                            WHERE i.entity_no = s.entity_no AND i.list_no = s.list_no
                              AND i.idx = s.idx AND i.closed_at IS NULL
                              AND i.published = s.floor)
        """,
    ),
    Rule(
        7, "recovery_item", ("entity_no", "item_no"), "it is closed and no event did it",
        """
        SELECT i.entity_no, i.item_no FROM recovery_item i
         WHERE i.closed_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM event v
                            WHERE v.entity_no = i.entity_no AND v.revision = i.closed_revision
                              AND (i.reason = '' OR v.kind = 'recovery.closed'))
        """,
    ),
)  # fmt: skip
