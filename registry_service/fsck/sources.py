"""What sources said, and what the register made of it."""

from typing import Final

from registry_service.fsck.rule import Rule

SOURCE_RULES: Final = (
    Rule(
        1, "entity", ("entity_no",),
        "the version in force is not the last by the day on which it took effect",
        """
        SELECT DISTINCT e.entity_no
          FROM entity e
          JOIN entity_version o ON o.entity_no = e.entity_no AND o.version = e.version
          JOIN entity_version v ON v.entity_no = e.entity_no AND v.version <> o.version
                               AND (v.effective_date, v.version) > (o.effective_date, o.version)
        """,
    ),
    Rule(
        7, "entity_version", ("entity_no", "version"), "a source made it and no event tells of it",
        """
        SELECT v.entity_no, v.version
          FROM entity_version v JOIN import_run r ON r.run_no = v.run_no AND r.kind = 'sync'
         WHERE (SELECT count(*) FROM event e
                 WHERE e.entity_no = v.entity_no AND e.kind = 'entity.synced')
             < (SELECT count(*) FROM entity_version o
                  JOIN import_run s ON s.run_no = o.run_no AND s.kind = 'sync'
                 WHERE o.entity_no = v.entity_no)
        """,
    ),
    Rule(
        10, "sync_item", ("entity_no", "item_no"), "the fact it asks about is another source's",
        """
        SELECT i.entity_no, i.item_no
          FROM sync_item i JOIN source_fact f USING (entity_no, fact_no)
         WHERE f.source <> i.source
        """,
    ),
    Rule(
        10, "sync_item", ("entity_no", "item_no"), "it was taken or kept and does not say by whom",
        """
        SELECT entity_no, item_no FROM sync_item
         WHERE state IN ('taken', 'kept') AND (decided_by IS NULL OR reason = '')
        """,
    ),
    Rule(
        10, "source_fact", ("entity_no", "fact_no"), "it knows a version or revision yet to come",
        """
        SELECT f.entity_no, f.fact_no
          FROM source_fact f JOIN entity e ON e.entity_no = f.entity_no
         WHERE f.after_revision > e.revision
            OR f.after_version > (SELECT max(v.version) FROM entity_version v
                                   WHERE v.entity_no = f.entity_no)
        """,
    ),
)  # fmt: skip
