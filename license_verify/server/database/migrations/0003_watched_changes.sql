-- A change of a watched code is told though the register could not say which items it touched.
ALTER TABLE watched_change ADD COLUMN items_known boolean NOT NULL DEFAULT true;

-- A business is watched by any of its codes: the one in force when it was told, if that is another.
ALTER TABLE watched_change ADD COLUMN current_code text NOT NULL DEFAULT '';
