-- A change of a watched code is told though the register could not say which items it touched.
ALTER TABLE watched_change ADD COLUMN items_known boolean NOT NULL DEFAULT true;
