-- Which of a filing's revisions its findings and documents are of. Without it, a review that found
-- nothing and an update that took every document away showed those from before.

ALTER TABLE filing
    ADD COLUMN reviewed_revision  bigint, -- NULL: never submitted
    ADD COLUMN documents_revision bigint NOT NULL DEFAULT 1;

UPDATE filing f
   SET reviewed_revision =
           CASE f.state
               WHEN 'filed' THEN f.revision - 1 -- nothing is written to it after its review
               ELSE (SELECT max(n.revision) FROM finding n
                      WHERE n.entity_no = f.entity_no AND n.filing_no = f.filing_no)
           END,
       documents_revision =
           coalesce((SELECT max(d.revision) FROM document d
                      WHERE d.entity_no = f.entity_no AND d.filing_no = f.filing_no), 1);
