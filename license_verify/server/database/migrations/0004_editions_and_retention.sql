-- A database that was restored reaches numbers again that it had: what was changed under each of
-- them differs by its stamp.
ALTER TABLE directory_revision ADD COLUMN stamp uuid NOT NULL DEFAULT gen_random_uuid();

-- From which day on receipts and scans are kept: what comes later of a month that was dropped was
-- counted before, or can't be told from what was.
CREATE TABLE usage_kept_from (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    day date NOT NULL
);
