-- A database that was restored reaches numbers again that it had: what was changed under each of
-- them differs by its stamp.
ALTER TABLE directory_revision ADD COLUMN stamp uuid NOT NULL DEFAULT gen_random_uuid();
